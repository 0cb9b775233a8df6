"""Sketches of texts: a hash of the author's own words, and a signature that is alike for like words.

What is compared are the letters, Han characters and digits of what the author wrote: not punctuation, signs
and emoji, not links, not `@names` and `#topics#`, not the words of whoever is quoted after `//@name:`, not
what the platform adds (转发微博, 网页链接). An item without words of its own that quotes others
stands for the first words in its chain. Nothing here depends on the batch, the run or the machine.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from fairstream.text.fold import FoldedBatch

MINIMA: Final = 16
"""Minima per signature. The standard error of a similarity of 0.5 estimated from 16 is 0.125."""
BINS: Final = 64
"""Bins of the fingerprints. The standard error of a similarity of 0.5 is at most 0.063, and less the shorter
the text is: up to about 40 letters nearly every run has a bin of its own and the similarity is exact."""
SHINGLE: Final = 3
"""Letters per shingle."""
BARE: Final = -1
"""`length` of an item that repeats another and adds no word."""
BARE_WORDS: Final = (
    *("转发微博", "转发", "转", "转发了", "快转微博", "转发一下", "转发此微博", "转发理由", "转载"),
    *("repost", "rt", "retweet", "分享", "分享图片", "分享视频", "转发图片"),
)
"""What platforms write for someone who reposts without a word."""
TAILS: Final = ("o网页链接", "网页链接", "查看图片", "展开全文", "收起全文", "全文", "的微博视频")
"""What platforms write at the end of a text."""

_NAME = r"[@＠][^\s:：@＠/#＃]{1,30}"
_CHAIN = re.compile(
    rf"(?:/|／|\|\||(?<![A-Za-z])RT)\s*{_NAME}\s*[:：]?|(?:^|(?<=[:：]))\s*{_NAME}\s*[:：]", re.IGNORECASE
)
_APART = re.compile(
    rf"(?:回复|回覆)\s*{_NAME}\s*[:：]|[@＠][\w·-]{{1,15}}(?![\w·-])"
    r"|[#＃][^#＃\s][^#＃\n]{0,40}(?<!\s)[#＃]|[#＃]\w{1,30}(?!\w)"
)
"""Names and topic labels (#话题#, #话题) within words."""
_MARKS = ("@", "＠", "#", "＃")

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]


class Sketches(NamedTuple):
    """One sketch per text.

    `key` is a 64-bit hash of the letters compared. `minima` (n × 16) are the least values of 16 hash
    functions over runs of three letters (Broder 1997): the share of equal minima of two texts estimates the
    Jaccard similarity of their sets of runs. `length` is the number of letters compared, where three of an
    alphabet weigh one Han character and letters that repeat (哈哈哈哈) count once: 0 when there is no
    word (signs, names and topics only), `BARE` when the item only repeats another. `bins` (n × 64) are
    fingerprints, 1 to 255, of the least hash of the runs that fall in each of 64 bins, 0 where none does (one
    permutation hashing: Li, Owen and Zhang 2012): equal bins among those that are not empty in both texts
    estimate the similarity better than the minima do, but cannot be looked up, because many are empty.
    """

    key: U64
    minima: U32
    length: I32
    bins: U8


class Parts(NamedTuple):
    """Which stretches of some texts are compared: of row `row`, link `link` of its chain (0: own words),
    code points `begin` to `end` of the text. Rows that are not named are compared whole.
    """

    row: I32
    link: I32
    begin: I32
    end: I32


def sketch(folded: FoldedBatch, texts: Sequence[str] | None = None) -> Sketches:
    """Sketches of the base readings of a batch.

    `texts` are the texts that were folded. Give them: folding joins Han characters over a `//@` or `@` that
    stands between them, so without the texts some quoted chains and names are taken for own words.
    """
    letters, bounds, kinds = own_letters(folded, texts)
    return Sketches(*_sketch(letters, bounds, kinds, _FACTORS, _ADDENDS))


def own_letters(folded: FoldedBatch, texts: Sequence[str] | None = None) -> tuple[U32, I64, I32]:
    """The letters compared of each text, where each begins, and its kind.

    Returns folded code points of all texts one after another, n + 1 bounds, and per text 1 when these are
    words, 0 when there are none and all signs are given instead, `BARE` and no letter for a mere repost.
    """
    rows = int(folded.row.max()) + 1 if len(folded) else 0
    bounds = folded.bounds[: rows + 1]
    if texts is None:
        texts = [folded.reading(row) for row in range(rows)]
        at = (np.arange(bounds[-1]) - np.repeat(bounds[:-1], np.diff(bounds))).astype(np.int32)
    else:
        at = folded.start[: bounds[-1]]
    found: tuple[U32, I64, I32] = _letters(folded.codes, at, bounds, *_parts(texts), _BARE_WORDS, _TAILS)
    return found


def shingles(letters: U32, bounds: I64) -> tuple[U32, I64]:
    """The set of hashes of runs of three letters of each text, sorted, and where each set begins."""
    hashes: U32
    hashes, ends = _shingles(letters, bounds)
    return hashes, ends


def chain(text: str) -> list[str]:
    """Names in the chain of reposts that a text shows (`//@甲:…//@乙:…`), the nearest first."""
    return [mark.group().strip("/／|RTrt \t:：").lstrip("@＠").strip() for mark in _CHAIN.finditer(text)]


def _parts(texts: Sequence[str]) -> Parts:
    found = [(row, *part) for row in _with_marks(texts) for part in _parts_of(texts[row])]
    columns = np.array(found, dtype=np.int32).reshape(-1, 4).T
    return Parts(*map(np.ascontiguousarray, columns))


def _with_marks(texts: Sequence[str]) -> list[int]:
    """Rows that hold one of the marks; found in the joined texts, because most hold none."""
    joined = "\n".join(texts)
    places = [place for mark in _MARKS for place in _places(joined, mark)]
    if not places:
        return []
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1)
    rows: list[int] = np.unique(np.searchsorted(ends, places, side="right")).tolist()
    return rows


def _places(text: str, mark: str) -> Iterator[int]:
    place = text.find(mark)
    while place >= 0:
        yield place
        place = text.find(mark, place + 1)


def _parts_of(text: str) -> Iterator[tuple[int, int, int]]:
    begin = 0
    marks = [(mark.start(), mark.end()) for mark in _CHAIN.finditer(text)]
    for link, (end, following) in enumerate([*marks, (len(text), len(text))]):
        for apart in _APART.finditer(text, begin, end):
            yield link, begin, apart.start()
            begin = apart.end()
        yield link, begin, end
        begin = following


def _table(words: Sequence[str]) -> U32:
    """One row per word: its length, then its code points, padded with 0."""
    table = np.zeros((len(words), 1 + max(map(len, words))), dtype=np.uint32)
    for row, word in enumerate(words):
        table[row, : len(word) + 1] = [len(word), *map(ord, word)]
    return table


_BARE_WORDS = _table(BARE_WORDS)
_TAILS = _table(TAILS)
# Any fixed odd numbers do; these come from splitmix64, so that they need no table.
_STATES = np.arange(1, 2 * MINIMA + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
_STATES = (_STATES ^ (_STATES >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
_STATES = (_STATES ^ (_STATES >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
_FACTORS = (_STATES[:MINIMA] >> np.uint64(32)).astype(np.uint32) | np.uint32(1)
_ADDENDS = (_STATES[MINIMA:] >> np.uint64(32)).astype(np.uint32)


@njit(cache=True, nogil=True)
def _is_letter(code: int) -> bool:
    """Han, letters and digits of any script; ranges are spelled out so that no Unicode version matters."""
    if code < 0x80:
        return 97 <= code <= 122 or 48 <= code <= 57 or 65 <= code <= 90
    if code < 0x2000:
        return code >= 0xC0 and code not in (0xD7, 0xF7)
    if code < 0x3040:
        return 0x2C00 <= code < 0x2E00 or 0x2E80 <= code < 0x2FE0 or 0x3005 <= code <= 0x3007
    if code < 0xE000:
        return True
    if code < 0x20000:
        return (
            0xF900 <= code < 0xFE00
            or 0xFE70 <= code < 0xFEFF
            or 0xFF66 <= code < 0xFFDD
            or (0x10000 <= code < 0x1D000)
        )
    return code < 0x40000


@njit(cache=True, nogil=True)
def _starts_link(codes: U32, at: int, end: int) -> bool:
    if at + 6 >= end or codes[at] != 104 or codes[at + 1] != 116 or codes[at + 2] != 116:
        return False
    if codes[at + 3] != 112:
        return False
    at += 5 if codes[at + 4] == 115 else 4
    return at + 1 < end and (codes[at] == 0xFF1A or codes[at] == 58) and codes[at + 1] == 47


@njit(cache=True, nogil=True)
def _in_link(code: int) -> bool:
    return 32 < code < 0x80 or code == 0xFF1A


@njit(cache=True, nogil=True)
def _sign_end(codes: U32, at: int, end: int) -> int:
    """Where a sign written as a word in brackets ([哈哈]) ends, or `at` when this is none."""
    for place in range(at + 1, min(at + 9, end)):
        if codes[place] == 93:
            return place + 1 if place > at + 1 else at
        if not _is_letter(codes[place]):
            return at
    return at


@njit(cache=True, nogil=True)
def _copy_words(codes: U32, begin: int, end: int, out: U32, count: int) -> int:
    """Append the letters of words to `out`; links and signs are passed over."""
    place = begin
    while place < end:
        code = codes[place]
        if code == 91:
            after = _sign_end(codes, place, end)
            if after > place:
                place = after
                continue
        if code == 104 and _starts_link(codes, place, end):
            while place < end and _in_link(codes[place]):
                place += 1
            continue
        if _is_letter(code):
            out[count] = code
            count += 1
        place += 1
    return count


@njit(cache=True, nogil=True)
def _ends_with(out: U32, begin: int, end: int, word: U32) -> bool:
    length = int(word[0])
    if end - begin < length:
        return False
    for place in range(length):  # noqa: SIM110 - numba knows no generators
        if out[end - length + place] != word[1 + place]:
            return False
    return True


@njit(cache=True, nogil=True)
def _tail_cut(out: U32, begin: int, end: int, tails: U32) -> int:
    word = 0
    while word < len(tails):
        if _ends_with(out, begin, end, tails[word]):
            end -= int(tails[word, 0])
            word = 0
        else:
            word += 1
    return end


@njit(cache=True, nogil=True)
def _is_bare(out: U32, begin: int, end: int, words: U32) -> bool:
    for word in range(len(words)):
        if int(words[word, 0]) == end - begin and _ends_with(out, begin, end, words[word]):
            return True
    return False


@njit(cache=True, nogil=True)
def _copy_all(codes: U32, begin: int, end: int, out: U32, count: int) -> int:
    for place in range(begin, end):
        if codes[place] > 32:
            out[count] = codes[place]
            count += 1
    return count


@njit(cache=True, nogil=True)
def _first_words(  # type: ignore[no-untyped-def]
    codes, at, place, last, link, begin, end, out, first, tails, bare_words
):
    """Where the words of the first link that has any end in `out`, and whether there is but a repost."""
    count = first
    for part in range(len(link)):
        while place < last and at[place] < begin[part]:
            place += 1
        stop = place
        while stop < last and at[stop] < end[part]:
            stop += 1
        count = _copy_words(codes, place, stop, out, count)
        place = stop
        if part + 1 == len(link) or link[part + 1] != link[part]:
            count = _tail_cut(out, first, count, tails)
            bare = _is_bare(out, first, count, bare_words)
            if count > first and not bare:
                return count, False
            if part + 1 == len(link):
                return first, bare or link[part] > 0
            count = first
    return first, False


@njit(cache=True, nogil=True)
def _letters(codes, at, bounds, row, link, begin, end, bare_words, tails):  # type: ignore[no-untyped-def]
    rows = len(bounds) - 1
    out = np.empty(len(at), dtype=np.uint32)
    ends = np.zeros(rows + 1, dtype=np.int64)
    kinds = np.zeros(rows, dtype=np.int32)
    part, count = 0, 0
    for number in range(rows):
        first, last, after = bounds[number], bounds[number + 1] - 1, part
        while after < len(row) and row[after] == number:
            after += 1
        if after == part:
            stop = _tail_cut(out, count, _copy_words(codes, first, last, out, count), tails)
            bare = _is_bare(out, count, stop, bare_words)
        else:
            stop, bare = _first_words(
                codes,
                at,
                first,
                last,
                link[part:after],
                begin[part:after],
                end[part:after],
                out,
                count,
                tails,
                bare_words,
            )
            part = after
        if bare:
            kinds[number] = -1
        elif stop > count:
            kinds[number], count = 1, stop
        else:
            count = _copy_all(codes, first, last, out, count)
        ends[number + 1] = count
    return out[:count], ends, kinds


@njit(cache=True, nogil=True)
def _mixed(value: np.uint64) -> np.uint64:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit(cache=True, nogil=True)
def _shingle_hashes(letters: U32, begin: int, end: int, out: U32) -> int:
    """Hashes of the runs of three letters into `out`; a shorter text is one run."""
    if end <= begin:
        return 0
    if end - begin < 3:
        code = np.uint64(letters[begin]) << np.uint64(21)
        out[0] = np.uint32(_mixed(code | np.uint64(letters[end - 1])))
        return 1
    for place in range(begin, end - 2):
        run = np.uint64(letters[place]) << np.uint64(42)
        run |= np.uint64(letters[place + 1]) << np.uint64(21)
        out[place - begin] = np.uint32(_mixed(run | np.uint64(letters[place + 2])))
    return end - 2 - begin


@njit(cache=True, nogil=True)
def _distinct(hashes: U32, count: int) -> int:
    """How many of the hashes are unlike the four before them."""
    distinct = 0
    for place in range(count):
        repeats = False
        for before in range(max(0, place - 4), place):
            repeats |= hashes[before] == hashes[place]
        distinct += not repeats
    return distinct


@njit(cache=True, nogil=True)
def _weight(letters: U32, distinct: int) -> int:
    """What the letters count when `distinct` of them do; three of an alphabet weigh one Han character."""
    thirds = 0
    for code in letters:
        thirds += 3 if code >= 0x2E80 else 1
    return max(1, distinct * thirds // (3 * len(letters)))


@njit(cache=True, nogil=True)
def _fill_bins(hashes: U32, count: int, bins: U8) -> None:
    """The upper 6 bits of a hash choose the bin, the other 26 are compared and leave the fingerprint."""
    rest = np.uint32(0x3FFFFFF)
    least = np.full(64, 0xFFFFFFFF, dtype=np.uint32)
    for place in range(count):
        at = hashes[place] >> np.uint32(26)
        least[at] = min(least[at], hashes[place] & rest)
    for at in range(64):
        if least[at] <= rest:
            bins[at] = least[at] % np.uint32(255) + np.uint32(1)


@njit(cache=True, nogil=True)
def _sketch(letters, bounds, kinds, factors, addends):  # type: ignore[no-untyped-def]
    rows = len(bounds) - 1
    key = np.empty(rows, dtype=np.uint64)
    minima = np.full((rows, 16), 0xFFFFFFFF, dtype=np.uint32)
    length = np.empty(rows, dtype=np.int32)
    bins = np.zeros((rows, 64), dtype=np.uint8)
    longest = 1
    for row in range(rows):
        longest = max(longest, bounds[row + 1] - bounds[row])
    hashes = np.empty(longest, dtype=np.uint32)
    for row in range(rows):
        begin, end = bounds[row], bounds[row + 1]
        value = np.uint64(kinds[row] + 2)
        for place in range(begin, end):
            value = (value ^ np.uint64(letters[place])) * np.uint64(0x100000001B3)
            value ^= value >> np.uint64(29)
        key[row] = _mixed(value)
        length[row] = kinds[row]
        if kinds[row] < 1:
            continue
        count = _shingle_hashes(letters, begin, end, hashes)
        length[row] = _weight(letters[begin:end], _distinct(hashes, count) + min(end - begin, 3) - 1)
        for number in range(16):
            factor, addend, least = factors[number], addends[number], np.uint32(0xFFFFFFFF)
            for place in range(count):
                least = min(least, np.uint32(factor * hashes[place] + addend))
            minima[row, number] = least
        _fill_bins(hashes, count, bins[row])
    return key, minima, length, bins


@njit(cache=True, nogil=True)
def _shingles(letters, bounds):  # type: ignore[no-untyped-def]
    rows = len(bounds) - 1
    out = np.empty(len(letters) + rows, dtype=np.uint32)
    ends = np.zeros(rows + 1, dtype=np.int64)
    count = 0
    for row in range(rows):
        added = _shingle_hashes(letters, bounds[row], bounds[row + 1], out[count:])
        run = np.sort(out[count : count + added])
        for place in range(added):
            if place == 0 or run[place] != run[place - 1]:
                out[count] = run[place]
                count += 1
        ends[row + 1] = count
    return out[:count], ends
