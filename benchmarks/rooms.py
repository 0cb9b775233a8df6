"""Made-up broadcasts for the curve benchmark: rooms of single people, and what fakers add to them.

People arrive one by one, stay for heavy-tailed times, react and buy on their own; hosts, promotions, bought
but real traffic and bad recorders act on that. None of it uses the tests' own formulas. Arrivals of
`reposts` are those of real cascades when the shared corpora are at hand.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


@dataclass
class Room:
    """A broadcast by the minute; refunds may go on after it. `lots` are stocks the shelf showed."""

    viewers: Numbers
    orders: Numbers
    refunds: Numbers
    comments: Numbers
    likes: Numbers
    kept: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    lots: tuple[int, ...] = ()


@dataclass
class Plan:
    """What a room's family decides before anyone arrives, all by the minute."""

    arrivals: Numbers
    bought: Numbers
    buying: Numbers
    talking: Numbers
    stay: float
    refunding: float


def _walk(rng: np.random.Generator, size: int, step: float, back: float) -> Numbers:
    out, now = np.zeros(size), rng.normal(0, step * 3)
    for minute in range(size):
        now = (1 - back) * now + rng.normal(0, step)
        out[minute] = now
    return out


def _plan(rng: np.random.Generator, size: int, level: float) -> Plan:
    """An ordinary room: arrivals wander, the host warms up, buying follows what is being shown."""
    shape = np.minimum(1, (np.arange(size) + 5) / rng.uniform(10, 40))
    stay = float(rng.uniform(3, 12))
    arrivals = (
        level / stay * shape * np.exp(_walk(rng, size, rng.uniform(0.02, 0.15), rng.uniform(0.01, 0.1)))
    )
    pitch = np.repeat(rng.gamma(1.2, 1.0, size // 4 + 2), rng.integers(4, 12, size // 4 + 2))[:size]
    buying = 10 ** rng.uniform(-3, -1.7) * (0.1 + pitch)
    talking = 10 ** rng.uniform(-1.5, -0.3) * np.exp(_walk(rng, size, 0.15, 0.2))
    return Plan(arrivals, np.zeros(size), buying, talking, stay, float(rng.beta(2, 4)))


def _gather(rng: np.random.Generator, arrivals: Numbers, stay: float) -> Numbers:
    """People present at the end of each minute; stays are log-normal about `stay` minutes."""
    size = len(arrivals)
    came = np.repeat(np.arange(size) + 0.0, rng.poisson(arrivals))
    came += rng.random(len(came))
    left = came + stay * rng.lognormal(-0.8, 1.26, len(came))
    inside = np.zeros(size + 1)
    np.add.at(inside, np.minimum(size, np.ceil(came).astype(int)), 1)
    np.add.at(inside, np.minimum(size, np.ceil(left).astype(int)), -1)
    return np.asarray(np.cumsum(inside)[1:])


def _delayed(rng: np.random.Generator, counts: Numbers, delays: Numbers, size: int) -> Numbers:
    at = (np.repeat(np.arange(len(counts)), counts.astype(int)) + delays).astype(int)
    return np.bincount(at[at < size], minlength=size).astype(float)


def _refunds(rng: np.random.Generator, orders: Numbers, share: float, size: int) -> Numbers:
    """Some regret within minutes, most decide after hours or days; service staff answer in office batches."""
    count = int(orders.sum())
    quick = rng.random(count) < rng.uniform(0.05, 0.4)
    wait = np.where(
        quick, rng.exponential(6, count), rng.lognormal(np.log(rng.uniform(300, 2500)), 1.0, count)
    )
    wait[rng.random(count) >= share] = 1e9
    back = _delayed(rng, orders, wait, size)
    if rng.random() < 0.3:
        every = int(rng.integers(10, 180))
        batch = np.add.reduceat(back, np.arange(0, size, every))
        back = np.zeros(size)
        back[every - 1 :: every] = batch[: len(back[every - 1 :: every])]
    return back


def _live(rng: np.random.Generator, plan: Plan) -> Room:
    size = len(plan.arrivals)
    own, bought = _gather(rng, plan.arrivals, plan.stay), _gather(rng, plan.bought, 0.5 * plan.stay)
    heat, excited = np.ones(size), 0.0
    feeling = rng.uniform(0.0, 0.6)
    for minute in range(size):
        excited = feeling * excited + rng.gamma(0.5, 0.6)
        heat[minute] = 0.4 + excited
    eager = rng.uniform(0.03, 0.8)
    wants = (own + eager * bought) * plan.buying
    orders = rng.poisson(rng.gamma(8, 1 / 8, size) * wants).astype(float)
    orders = _delayed(rng, orders, rng.exponential(rng.uniform(0.2, 2.5), int(orders.sum())), size)
    comments = rng.poisson((own + eager * bought) * plan.talking * heat).astype(float)
    likes = rng.poisson((own + eager * bought) * 3 * plan.talking * rng.gamma(0.6, 1 / 0.6, size)).astype(
        float
    )
    likes *= rng.integers(1, 4)
    refunds = _refunds(rng, orders, plan.refunding, size + int(rng.choice([0, 240, 1440, 4320])))
    return Room(own + bought, orders, refunds, comments, likes)


def random_walk(rng: np.random.Generator) -> Room:
    return _live(rng, _plan(rng, int(rng.integers(60, 360)), 10 ** rng.uniform(2, 3.7)))


def heavy_tails(rng: np.random.Generator) -> Room:
    """Crowds arrive at once: a share in a group, a bigger room that ends, a mention elsewhere."""
    plan = _plan(rng, int(rng.integers(60, 360)), 10 ** rng.uniform(2, 3.7))
    crowd = (rng.random(len(plan.arrivals)) < 0.05) * rng.pareto(1.2, len(plan.arrivals))
    plan.arrivals *= 1 + np.minimum(crowd, 60)
    plan.talking *= np.exp(rng.standard_t(3, len(plan.arrivals)) * 0.3)
    return _live(rng, plan)


def promotions(rng: np.random.Generator) -> Room:
    """Deals or lucky bags at fixed times: people come for them; some buy, some only wait for the draw."""
    plan = _plan(rng, int(rng.integers(60, 360)), 10 ** rng.uniform(2, 3.7))
    draw = rng.random() < 0.5
    every, lasts = int(rng.integers(15, 60)), int(rng.integers(2, 10))
    for start in range(int(rng.integers(5, every)), len(plan.arrivals), every):
        part = slice(start, start + lasts)
        plan.arrivals[part] *= rng.uniform(1.5, 6)
        plan.buying[part] *= rng.uniform(0.1, 0.8) if draw else rng.uniform(2, 10)
        plan.talking[part] *= rng.uniform(2, 12) if draw else rng.uniform(1, 3)
    return _live(rng, plan)


def campaigns(rng: np.random.Generator) -> Room:
    """Bought traffic of real people, who stay shorter and react and buy less."""
    plan = _plan(rng, int(rng.integers(60, 360)), 10 ** rng.uniform(2, 3.7))
    size = len(plan.arrivals)
    for _ in range(int(rng.integers(1, 5))):
        start, lasts = int(rng.integers(0, size - 20)), int(rng.integers(5, 60))
        plan.bought[start : start + lasts] += plan.arrivals.mean() * rng.uniform(0.5, 8)
    return _live(rng, plan)


def raids(rng: np.random.Generator) -> Room:
    """Another room sends its crowd over within a minute; at times the whole crowd moves on later."""
    plan = _plan(rng, int(rng.integers(60, 360)), 10 ** rng.uniform(2, 3.7))
    size = len(plan.arrivals)
    usual = plan.arrivals.mean() * plan.stay
    for place in rng.choice(np.arange(5, size - 5), int(rng.integers(1, 4)), replace=False):
        plan.bought[place] += usual * rng.uniform(0.5, 6)
    room = _live(rng, plan)
    if rng.random() < 0.1:
        place = int(rng.integers(size // 2, size))
        gone = rng.uniform(0.1, 0.6) * np.exp(-np.arange(size - place) / rng.uniform(5, 60))
        room.viewers[place:] = np.floor(room.viewers[place:] * (1 - gone))
    return room


def lotteries(rng: np.random.Generator) -> Room:
    """Long draws: people come, type the code word without end, and do not buy until it is over."""
    plan = _plan(rng, int(rng.integers(60, 360)), 10 ** rng.uniform(2, 3.7))
    for start in rng.integers(0, len(plan.arrivals) - 10, int(rng.integers(1, 4))):
        part = slice(int(start), int(start) + int(rng.integers(5, 20)))
        plan.arrivals[part] *= rng.uniform(2, 8)
        plan.buying[part] *= rng.uniform(0.02, 0.3)
        plan.talking[part] *= rng.uniform(0.5, 15)
    return _live(rng, plan)


def small_rooms(rng: np.random.Generator) -> Room:
    return _live(rng, _plan(rng, int(rng.integers(40, 240)), rng.uniform(3, 80)))


def bad_recorders(rng: np.random.Generator) -> Room:
    """Samples are missing, repeated, rounded as pages show them, or lost while the line is down."""
    room = [random_walk, heavy_tails, promotions, campaigns, raids][int(rng.integers(5))](rng)
    size = len(room.viewers)
    room.kept = rng.random(size) >= rng.uniform(0, 0.2)
    kind = int(rng.integers(4))
    if kind == 0:
        for start in rng.integers(0, size - 6, int(rng.integers(1, 6))):
            room.viewers[start : start + int(rng.integers(2, 6))] = room.viewers[start]
    elif kind == 1:
        big = room.viewers >= 10_000
        room.viewers[big] = np.round(room.viewers[big], -3)
        room.viewers[~big & (room.viewers >= 1000)] = np.round(
            room.viewers[~big & (room.viewers >= 1000)], -2
        )
    elif kind == 2:
        start = int(rng.integers(5, size - 10))
        room.viewers[start : start + int(rng.integers(1, 4))] *= rng.uniform(0, 0.1)
        room.viewers = np.floor(room.viewers)
    else:
        every = int(rng.integers(2, 6))
        room.viewers = np.repeat(room.viewers[::every], every)[:size]
    return room


def sold_out_lots(rng: np.random.Generator) -> Room:
    """Limited lots that sell out; half of the sellers hand in what the shelf showed."""
    room = random_walk(rng)
    sizes = rng.choice([30, 50, 88, 100, 200, 300], int(rng.integers(3, 12)))
    if rng.random() < 0.5:
        sizes[:] = sizes[0]
        room.lots = (int(sizes[0]),)
    for place, lot in zip(rng.choice(len(room.orders), len(sizes), replace=False), sizes, strict=True):
        if lot > 0.5 * room.viewers[place]:
            continue
        sold = lot if rng.random() < 0.8 else rng.binomial(lot, rng.uniform(0.3, 1))
        first = rng.binomial(sold, rng.uniform(0.6, 1))
        room.orders[place] += first
        room.orders[min(place + 1, len(room.orders) - 1)] += sold - first
    return room


def reposts(cascades: list[Numbers], rng: np.random.Generator) -> Room:
    """Arrivals in the rhythm of a real cascade of reposts, cut and turned at random."""
    plan = _plan(rng, int(rng.integers(60, 240)), 10 ** rng.uniform(2, 3.7))
    size = len(plan.arrivals)
    part = np.zeros(size)
    for number in rng.integers(len(cascades), size=20):
        part += np.roll(np.resize(cascades[number], size), rng.integers(size))
    plan.arrivals = plan.arrivals.mean() * (0.1 + part / max(part.mean(), 1e-9))
    return _live(rng, plan)


FAMILIES = {
    "random walk": random_walk,
    "heavy tails": heavy_tails,
    "promotions": promotions,
    "campaigns": campaigns,
    "raids": raids,
    "lotteries": lotteries,
    "small rooms": small_rooms,
    "bad recorders": bad_recorders,
    "sold-out lots": sold_out_lots,
}


def stepping_bots(rng: np.random.Generator, strength: float) -> Room:
    """Three to six equal batches of `strength` × the usual viewers, later withdrawn in such batches."""
    room = random_walk(rng)
    size, batch = len(room.viewers), strength * np.median(room.viewers)
    count = int(rng.integers(3, 7))
    for start in np.sort(rng.choice(np.arange(5, size - 5), count, replace=False)):
        room.viewers[start:] += round(batch * rng.uniform(0.99, 1.01))
    return room


def leaving_bots(rng: np.random.Generator, strength: float) -> Room:
    """Bots of `strength` × the usual viewers are there from early on and leave in one minute."""
    room = random_walk(rng)
    size = len(room.viewers)
    rise = np.minimum(1, np.arange(size) / 20)
    last = int(rng.integers(size // 2, size - 15))
    room.viewers[:last] += np.round(strength * np.median(room.viewers) * rise)[:last]
    return room


def plateau(rng: np.random.Generator, strength: float) -> Room:
    """The number of viewers is held constant for `strength` minutes."""
    room = random_walk(rng)
    start = int(rng.integers(0, len(room.viewers) - int(strength)))
    room.viewers[start : start + int(strength)] = room.viewers[start]
    return room


def machine_orders(rng: np.random.Generator, strength: float) -> Room:
    """A script makes the same number of orders every minute: `strength` is its share of all orders."""
    room = random_walk(rng)
    real = rng.binomial(room.orders.astype(int), 1 - strength).astype(float)
    room.orders = real + max(1, round(strength * max(10.0, room.orders.mean())))
    return room


def batch_orders(rng: np.random.Generator, strength: float) -> Room:
    """Five to ten batches of equal size, `strength` times the busiest minute."""
    room = random_walk(rng)
    batch = max(10, round(strength * room.orders.max()))
    for place in rng.choice(len(room.orders), int(rng.integers(5, 11)), replace=False):
        room.orders[place] += batch
    return room


def silent_bots(rng: np.random.Generator, strength: float) -> Room:
    """Viewers are made `strength` × as many for a third of the time; they neither write, like nor buy."""
    room = random_walk(rng)
    size = len(room.viewers)
    start = int(rng.integers(0, size - size // 3))
    ends = start + size // 3
    lift = np.interp(np.arange(size), [start - 8, start, ends, ends + 8], [0, 1, 1, 0]) ** rng.uniform(0.5, 2)
    lift *= rng.lognormal(0, 0.05, size)
    room.viewers += np.round((strength - 1) * np.median(room.viewers) * lift)
    return room


def unrelated_orders(rng: np.random.Generator, strength: float) -> Room:
    """`strength` of the orders stand where another room's orders stood, whoever was watching."""
    room, other = promotions(rng), promotions(rng)
    size = min(len(room.orders), len(other.orders))
    room.viewers, room.comments, room.likes = room.viewers[:size], room.comments[:size], room.likes[:size]
    scale = max(600.0, room.orders.sum()) / max(1.0, other.orders[:size].sum())
    fake = rng.poisson(strength * scale * other.orders[:size])
    room.orders = rng.binomial(room.orders[:size].astype(int), 1 - strength) + fake.astype(float)
    return room


def brushing(rng: np.random.Generator, strength: float) -> Room:
    """Bursts of fake orders, `strength` of all orders, are refunded one by one after a fixed delay."""
    room = random_walk(rng)
    return _brushed(rng, room, strength, 2.0)


def brushing_at_once(rng: np.random.Generator, strength: float) -> Room:
    """Bursts of fake orders, `strength` of all orders, are refunded together within five minutes."""
    room = random_walk(rng)
    return _brushed(rng, room, strength, -1.0)


def _brushed(rng: np.random.Generator, room: Room, share: float, jitter: float) -> Room:
    fake_total = int(max(100.0, room.orders.sum()) * share / (1 - share + 1e-9)) if share < 1 else 500
    if share >= 1:
        room.orders[:] = 0
        room.refunds[:] = 0
    bursts = rng.choice(len(room.orders), int(rng.integers(5, 15)), replace=False)
    fake = np.zeros(len(room.orders))
    np.add.at(fake, rng.choice(bursts, fake_total), 1)
    lag = int(rng.integers(len(fake), len(fake) + 600))
    size = max(len(room.refunds), len(fake) + lag + 60)
    refunds = np.zeros(size)
    refunds[: len(room.refunds)] = room.refunds
    count = int(fake.sum())
    if jitter < 0:
        at = np.full(count, lag) + rng.integers(0, 5, count)
    else:
        at = (
            np.repeat(np.arange(len(fake)), fake.astype(int))
            + lag
            + np.round(rng.normal(0, jitter, count)).astype(int)
        )
    np.add.at(refunds, np.clip(at, 0, size - 1), 1)
    room.orders += fake
    room.refunds = refunds
    return room


PLANTS = {
    "bots stepping in (batch ÷ usual viewers)": (stepping_bots, (0.1, 0.25, 0.5, 1.0, 2.0)),
    "bots leaving together (bots ÷ usual viewers)": (leaving_bots, (1.0, 3.0, 6.0, 10.0)),
    "constant plateau (minutes)": (plateau, (5.0, 8.0, 12.0, 15.0, 20.0, 30.0)),
    "orders every minute by machine (share)": (machine_orders, (0.5, 0.7, 0.9, 1.0)),
    "equal batches of orders (batch ÷ busiest minute)": (batch_orders, (1.0, 3.0, 5.0, 10.0)),
    "silent bots (viewers ×)": (silent_bots, (3.0, 5.0, 10.0, 20.0)),
    "orders of another room (share)": (unrelated_orders, (0.5, 0.8, 1.0)),
    "brushing, refunds mirror (share of orders)": (brushing, (0.3, 0.5, 0.7, 0.9)),
    "brushing, refunds at once (share of orders)": (brushing_at_once, (0.5, 0.8, 0.95, 1.0)),
}
