"""Training of the polarity model: logistic regression and NB-weighted logistic regression, averaged.

Both are linear in the same n-grams, so their average is one table of weights (Wang and Manning, "Baselines
and Bigrams", 2012, for the second). Needs the extra `train`; the same input gives the same bytes.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fairstream.errors import UsageError
from fairstream.opinion.labels import COMPLAINT, FRAMES, NEITHER, Labelled
from fairstream.opinion.ngrams import distinct_buckets
from fairstream.opinion.polarity import Header, Line, PolarityModel, checksum
from fairstream.text.fold import Folder

__all__ = ["Plan", "adapt", "train"]

Floats = npt.NDArray[np.float64]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """Settings of a training run; `docs/reference/polarity.md` says how they were chosen.

    `strength` is the inverse of the L2 penalty on the lean, `gate` on the evaluation; `folds` of held-out
    domains calibrate the chance; n-grams in fewer than `rare` texts get no weight; `firm` and `least` go into
    the header; `own` is the inverse penalty on what a user's labels change. Texts that evaluate nothing
    hold the lean at zero, counted as both sides: our own with their full weight, others with `calm` of it.
    """

    longest: int = 4
    bits: int = 19
    rare: int = 3
    strength: float = 16.0
    gate: float = 4.0
    firm: float = 0.5
    least: float = 0.3
    folds: int = 3
    steps: int = 120
    own: float = 16.0
    calm: float = 0.02


PLAN: Final = Plan()


@dataclass(frozen=True, slots=True)
class _Linear:
    """Weights by bucket and a bias."""

    weights: Floats
    bias: float


@dataclass(frozen=True, slots=True)
class _Sides:
    """Rows that train the lean: whether each is bad, its weight and its fold, -1 for one never held out."""

    grams: Any
    bad: npt.NDArray[np.bool_]
    weights: Floats
    fold: npt.NDArray[np.int64]

    def where(self, keep: npt.NDArray[np.bool_]) -> "_Sides":
        return _Sides(self.grams[keep], self.bad[keep], self.weights[keep], self.fold[keep])


def train(data: Labelled, *, made: date, plan: Plan = PLAN, say: Say = lambda _: None) -> PolarityModel:
    """A model of these texts. Raises `UsageError` when a class is missing or the extra is not installed."""
    needed = {0: "neither", 1: "complaint", 2: "praise"}
    for code, name in needed.items():
        if not (data.labels == code).any():
            raise UsageError(f"no text is labelled {name}", remedy="give texts of all three labels")
    say(f"n-grams of {len(data):,} texts")
    grams = _matrix(data.texts, plan)
    weights = _weights(data)
    evaluating = data.labels != NEITHER
    say("complaint against praise")
    sides = _sides(data, grams, weights, plan)
    lean = _lean(sides, plan)
    slope = _calibrated(sides, plan, say)
    say("evaluation against none")
    gate = _logistic(grams, evaluating, weights, plan.gate, plan.steps)
    lean = _Linear(lean.weights * np.float64(slope), lean.bias * slope)
    return _model(lean, gate, made, dict(sorted(Counter(data.domains).items())), plan)


def adapt(model: PolarityModel, own: Labelled, *, made: date, plan: Plan = PLAN) -> PolarityModel:
    """The model bent towards a user's labels: the smallest change of its weights that fits them.

    The loss is the sum over the labels plus the squared change over `2 * plan.own`; few
    labels change little. A column of which the labels hold one class only is left alone.
    """
    head = model.header
    same = replace(plan, longest=head.longest, bits=head.bits, firm=head.firm, least=head.least, rare=1)
    grams = _matrix(own.texts, same)
    evaluating, bad = own.labels != NEITHER, own.labels == COMPLAINT
    lean = _bent(_column(model, 0), grams[evaluating], bad[evaluating], same)
    gate = _bent(_column(model, 1), grams, evaluating, same)
    domains = {**head.domains, "own labels": len(own) + head.domains.get("own labels", 0)}
    return _model(lean, gate, made, domains, same)


def _column(model: PolarityModel, column: int) -> _Linear:
    line = (model.header.lean, model.header.evaluates)[column]
    return _Linear(model.table[:, column].astype(np.float64) * line.scale, line.bias)


def _bent(old: _Linear, grams: Any, yes: npt.NDArray[np.bool_], plan: Plan) -> _Linear:
    """Logistic regression with the old weights in the place of zero."""
    if len(set(yes.tolist())) < 2:
        return old
    from scipy.optimize import minimize

    used = np.unique(grams.indices)
    part, before = grams[:, used], grams @ old.weights + old.bias
    side = np.where(yes, 1.0, -1.0)

    def loss(change: Floats) -> tuple[float, Floats]:
        margin = side * (before + part @ change[:-1] + change[-1])
        pull = -side / (1 + np.exp(np.clip(margin, -50, 50)))
        slope = np.append(part.T @ pull, pull.sum()) + change / plan.own
        return float(np.logaddexp(0, -margin).sum() + change @ change / (2 * plan.own)), slope

    change = minimize(
        loss, np.zeros(len(used) + 1), jac=True, method="L-BFGS-B", options={"maxiter": plan.steps}
    ).x
    weights = old.weights.copy()
    weights[used] += change[:-1]
    return _Linear(weights, old.bias + float(change[-1]))


def _scipy() -> Any:
    try:
        import scipy.sparse
        import sklearn.linear_model  # noqa: F401 - asked for here so that the error comes before the work
    except ImportError as error:
        raise UsageError(
            "training needs scikit-learn", remedy="install the extra: pip install 'fairstream[train]'"
        ) from error
    return scipy.sparse


def _matrix(texts: Sequence[str], plan: Plan) -> Any:
    """Rows of 1/√k at the k distinct buckets of each text; buckets of too few texts are empty."""
    sparse = _scipy()
    folded = Folder().fold(texts, evasion=False)
    buckets, starts = distinct_buckets(folded.codes, folded.bounds, longest=plan.longest, bits=plan.bits)
    counts = np.diff(starts)
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    values[np.bincount(buckets, minlength=1 << plan.bits)[buckets] < plan.rare] = 0
    grams = sparse.csr_matrix((values, buckets, starts), shape=(len(texts), 1 << plan.bits))
    grams.eliminate_zeros()
    return grams


def _weights(data: Labelled) -> Floats:
    """Large domains and large classes of a domain count less a text, by the root of their size; mean 1."""
    keys = list(zip(data.domains, data.labels.tolist(), strict=True))
    size, both = Counter(data.domains), Counter(keys)
    weight = np.array([1 / np.sqrt(size[d] ** 0.5 * both[d, c] ** 0.5) for d, c in keys])
    return np.asarray(weight / weight.mean())


def _groups(domains: Sequence[str], folds: int) -> npt.NDArray[np.int64]:
    """Number of the fold of each text; a domain is never split, and sizes are about even."""
    load = [0] * folds
    fold: dict[str, int] = {}
    for name, count in sorted(Counter(domains).items(), key=lambda one: (-one[1], one[0])):
        fold[name] = load.index(min(load))
        load[fold[name]] += count
    return np.array([fold[name] for name in domains])


def _logistic(
    grams: Any, yes: npt.NDArray[np.bool_], weights: Floats, strength: float, steps: int
) -> _Linear:
    """Without n-grams, or with one side only, nothing is learnt: all weights are 0."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    used = np.unique(grams.indices)
    if not len(used) or yes.all() or not yes.any():
        return _Linear(np.zeros(grams.shape[1]), 0.0)
    with warnings.catch_warnings():
        # Stopping early is part of the plan: further steps fit the noise of the labels.
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = LogisticRegression(C=strength, max_iter=steps, tol=1e-4).fit(grams[:, used], yes, weights)
    full = np.zeros(grams.shape[1])
    full[used] = found.coef_[0]
    return _Linear(full, float(found.intercept_[0]))


def _sides(data: Labelled, grams: Any, weights: Floats, plan: Plan) -> _Sides:
    """The texts that evaluate, and twice, once for each side, those that do not."""
    yes = np.flatnonzero(data.labels != NEITHER)
    no = np.flatnonzero(data.labels == NEITHER)
    rows = np.concatenate([yes, no, no])
    part = np.array([1.0 if name == FRAMES else plan.calm for name in data.domains])
    part[yes] = 1.0
    bad = np.concatenate([data.labels[yes] == COMPLAINT, np.ones(len(no), bool), np.zeros(len(no), bool)])
    fold = np.concatenate([_groups([data.domains[n] for n in yes], plan.folds), np.full(2 * len(no), -1)])
    return _Sides(grams[rows], bad, (weights * part)[rows], fold)


def _lean(sides: _Sides, plan: Plan) -> _Linear:
    """The average of a plain and an NB-weighted logistic regression."""
    grams, bad, weights = sides.grams, sides.bad, sides.weights
    plain = _logistic(grams, bad, weights, plan.strength, plan.steps)
    present = (grams > 0).astype(np.float32)
    yes, no = (1 + present.T @ (weights * side) for side in (bad, ~bad))
    ratio = (np.log(yes / yes.sum()) - np.log(no / no.sum())).astype(np.float32)
    naive = _logistic((grams @ _scipy().diags_array(ratio)).tocsr(), bad, weights, plan.strength, plan.steps)
    return _Linear((plain.weights + naive.weights * ratio) / 2, (plain.bias + naive.bias) / 2)


def _calibrated(sides: _Sides, plan: Plan, say: Say) -> float:
    """The slope that makes held-out domains' logits chances; the point where a complaint begins stays."""
    tested = sides.fold >= 0
    present = np.unique(sides.fold[tested])
    if len(present) < 2:
        return 1.0
    logits = np.zeros(len(tested))
    for fold in present:
        say(f"calibration {fold + 1} of {len(present)}")
        here = sides.fold == fold
        part = _lean(sides.where(~here), plan)
        logits[here] = sides.grams[here] @ part.weights + part.bias
    from sklearn.linear_model import LogisticRegression

    fit = LogisticRegression(C=1e6, fit_intercept=False).fit(
        logits[tested, None], sides.bad[tested], sides.weights[tested]
    )
    return float(np.clip(fit.coef_[0, 0], 0.05, 5))


def _model(lean: _Linear, gate: _Linear, made: date, domains: dict[str, int], plan: Plan) -> PolarityModel:
    table = np.zeros((1 << plan.bits, 2), np.int8)
    lines = []
    for column, side in enumerate((lean, gate)):
        some = np.abs(side.weights[side.weights != 0])
        scale = float(np.quantile(some, 0.9995)) / 127 if len(some) else 0.0
        table[:, column] = np.clip(np.rint(side.weights / (scale or 1.0)), -127, 127)
        lines.append(Line(scale=scale, bias=side.bias))
    head = Header(
        format="fairstream polarity 1",
        made=made.isoformat(),
        domains=domains,
        longest=plan.longest,
        bits=plan.bits,
        lean=lines[0],
        evaluates=lines[1],
        firm=plan.firm,
        least=plan.least,
        sha256=checksum(table),
    )
    return PolarityModel(head, table)
