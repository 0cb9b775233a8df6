"""Steps that some shapes want before their columns are read: a batch of source columns in, one out.

A step may add columns or cut them; it keeps the number of rows. It is named by `prepare` in a shape.
"""

from collections.abc import Callable, Mapping
from typing import Final

import pyarrow as pa

from fairstream.sources.posts import heimao

STEPS: Final[Mapping[str, Callable[[pa.RecordBatch], pa.RecordBatch]]] = {
    "heimao_card": heimao.prepare,
    "heimao_number": heimao.number,
}
