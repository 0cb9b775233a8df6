"""Is a text a complaint (吐槽), praise or neither? A linear model over character n-grams.

The model is one file: a line of JSON that says what it is, then the deflated table of weights. It is read
without executing anything of it. `docs/reference/polarity.md` is its model card.
"""

import hashlib
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fairstream.errors import FormatError
from fairstream.opinion.ngrams import weigh
from fairstream.text.fold import FoldedBatch

__all__ = ["SHIPPED", "Header", "Judged", "PolarityModel"]

SHIPPED: Final = Path(__file__).parent / "data" / "polarity.model"
NEITHER, COMPLAINT, PRAISE = 0, 1, 2
_REMEDY = "give a file written by `fairstream opinion train`, or leave --model away for the shipped one"
_LARGEST = 1 << 26


class Judged(NamedTuple):
    """`score` float32[n]: chance that the text, if it evaluates, is negative. `polarity` uint8[n]: 0 neither,
    1 complaint (score ≥ 0.5), 2 praise (score < 0.5)."""

    score: npt.NDArray[np.float32]
    polarity: npt.NDArray[np.uint8]


class Line(BaseModel):
    """A logistic of a sum of weights s over k distinct n-grams: chance = σ(scale · s / √k + bias)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    scale: float = Field(ge=0, allow_inf_nan=False)
    bias: float = Field(allow_inf_nan=False)

    def logit(self, sums: npt.NDArray[np.int64], distinct: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
        """Logits of texts; the bias alone for a text without n-grams."""
        total: npt.NDArray[np.float64] = self.scale * sums / np.sqrt(np.maximum(distinct, 1)) + self.bias
        return total


class Header(BaseModel):
    """What a model file says about itself.

    `lean` gives the chance of negative, `evaluates` the chance that the text evaluates at all. A clear lean
    speaks for evaluation: `firm` times the size of its logit is added to the other. Below `least` the text is
    neither. `domains` counts the training texts by domain. `sha256` is that of the table of weights.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: str = Field(pattern="^fairstream polarity 1$")
    made: str
    domains: dict[str, int]
    longest: int = Field(ge=1, le=8)
    bits: int = Field(ge=8, le=24)
    lean: Line
    evaluates: Line
    firm: float = Field(ge=0, allow_inf_nan=False)
    least: float = Field(ge=0, le=1)
    sha256: str


@dataclass(frozen=True, slots=True)
class PolarityModel:
    """Weights by n-gram: `table` int8[2 ** bits, 2], first the lean (positive is negative opinion), then
    whether the text evaluates. May be shared between threads."""

    header: Header
    table: npt.NDArray[np.int8] = field(repr=False)

    @staticmethod
    def open(path: Path | None = None) -> "PolarityModel":
        """The model in a file, or the shipped one. Raises `FormatError` when the file is not a whole model,
        `OSError` when it cannot be read."""
        file = path or SHIPPED
        with file.open("rb") as stream:
            head, packed = stream.readline(1 << 20), stream.read(_LARGEST)
        try:
            header = Header.model_validate_json(head)
            size = 2 << header.bits
            unpack = zlib.decompressobj()
            weights = unpack.decompress(packed, size)
            if len(weights) != size or not unpack.eof or hashlib.sha256(weights).hexdigest() != header.sha256:
                raise FormatError("the weights do not fit their check sum", file=file, remedy=_REMEDY)
        except ValidationError as error:
            cause = f"not a polarity model: {error.errors()[0]['msg']}"
            raise FormatError(cause, file=file, line=1, remedy=_REMEDY) from error
        except zlib.error as error:
            raise FormatError(f"damaged weights: {error}", file=file, remedy=_REMEDY) from error
        return PolarityModel(header, np.frombuffer(weights, np.int8).reshape(-1, 2))

    def save(self, path: Path) -> None:
        """Write the file that `open` reads; the same model gives the same bytes."""
        head = self.header.model_dump_json().encode() + b"\n"
        # Weights hardly repeat in runs: coding single bytes by frequency is smaller than looking for matches.
        packer = zlib.compressobj(9, strategy=zlib.Z_HUFFMAN_ONLY)
        path.write_bytes(head + packer.compress(self.table.tobytes()) + packer.flush())

    def judge(self, folded: FoldedBatch) -> Judged:
        """Score and polarity of each reading of the batch, in its order."""
        sums, distinct = weigh(folded.codes, folded.bounds, self.table, longest=self.header.longest)
        lean = self.header.lean.logit(sums[:, 0], distinct)
        score = _chance(lean).astype(np.float32)
        gate = self.header.evaluates.logit(sums[:, 1], distinct) + self.header.firm * np.abs(lean)
        evaluates = _chance(gate) >= self.header.least
        side = np.where(score >= np.float32(0.5), COMPLAINT, PRAISE)
        return Judged(score, np.where(evaluates, side, NEITHER).astype(np.uint8))


def _chance(logit: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    chance: npt.NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(logit, -50, 50)))
    return chance


def checksum(table: npt.NDArray[np.int8]) -> str:
    """What `Header.sha256` holds of these weights."""
    return hashlib.sha256(table.tobytes()).hexdigest()
