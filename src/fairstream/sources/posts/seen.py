"""Which items were there already: 64 bits an item, so that tens of millions fit in memory.

Of 50 million items about one in 15,000 runs loses one item to an equal hash (birthday bound, n²/2⁶⁵).
"""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fairstream.sources.posts.kernels import hashes, insert
from fairstream.sources.posts.privacy import string_parts

_FIRST: Final = 1 << 16
_FULL: Final = 0.6


class Seen:
    """Channel and id of every item that passed, hashed. About 13 to 27 bytes an item."""

    def __init__(self) -> None:
        self._table = np.zeros(_FIRST, np.uint64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def fresh(self, channels: Any, ids: Any) -> Any:
        """bool[n]: the rows whose channel and id did not pass before, in earlier calls or this one."""
        joined = pc.binary_join_element_wise(pc.fill_null(channels, ""), ids, "\0")
        keys = hashes(*string_parts(joined))
        while self._count + len(keys) > _FULL * len(self._table):
            self._grow()
        new = insert(self._table, keys)
        self._count += int(new.sum())
        return new

    def only_new(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of a batch of `POSTS` (or `ANNOTATED`) that did not pass before; where the channel is
        unknown, with the same id and text."""
        channels = batch.column("channel")
        if channels.null_count:
            # An id without a channel may be a row number that another file has too: the text has its say.
            channels = pc.coalesce(channels, batch.column("text"))
        new = self.fresh(channels, batch.column("id"))
        return batch if new.all() else batch.filter(pa.array(new))

    def _grow(self) -> None:
        old = self._table
        self._table = np.zeros(2 * len(old), np.uint64)
        insert(self._table, old[old != 0])
