"""Consumers' posts as Arrow tables: the two shapes that opinion monitoring reads and writes.

`POSTS` is what every reader of posts yields and the annotator takes; `ANNOTATED` is what it gives back,
one row per item in the order of the input. Times are milliseconds with the zone of China. Nothing but
`id` and `text` must be known: null means that the source does not say. Extra columns are allowed and
carried along.
"""

from typing import Final, Literal

import pyarrow as pa

AT: Final = pa.timestamp("ms", tz="Asia/Shanghai")

PostKind = Literal["post", "comment", "complaint", "review", "news", "hot_search", "chat"]
Polarity = Literal["complaint", "praise", "neither"]

POSTS: Final = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        ("at", AT),
        ("channel", pa.string()),
        pa.field("text", pa.string(), nullable=False),
        ("kind", pa.string()),
        ("author", pa.string()),
        ("thread", pa.string()),
        ("likes", pa.int64()),
        ("comments", pa.int64()),
        ("reposts", pa.int64()),
        ("views", pa.int64()),
        ("place", pa.string()),
        ("keyword", pa.string()),
        ("url", pa.string()),
        ("respondent", pa.string()),
        ("more", pa.string()),
        ("file", pa.string()),
        ("line", pa.int64()),
    ]
)
"""An item of information (条).

`id` is unique within its channel and the same on every import. `author` is a pseudonym, never a published
name. `thread` is the id of the post that a comment answers or a repost repeats. `place` is the region
that the platform shows. `keyword` is the search word under which a collector found the item. `respondent`
is whom a complaint names. `more` holds further columns of the source as a JSON object of strings, masked.
`file` and `line` say where it was read. `text` is title and body, joined by a line end.
"""

ANNOTATIONS: Final = pa.schema(
    [
        pa.field("consumer_rights", pa.bool_(), nullable=False),
        pa.field("polarity", pa.string(), nullable=False),
        pa.field("complaint_score", pa.float32(), nullable=False),
        pa.field("topics", pa.list_(pa.string()), nullable=False),
        pa.field("aspects", pa.list_(pa.string()), nullable=False),
        pa.field("entities", pa.list_(pa.string()), nullable=False),
        pa.field("conducts", pa.list_(pa.string()), nullable=False),
    ]
)
"""What the text of one item alone tells.

`complaint_score` is the chance, 0 to 1, that an evaluating text is negative. `topics` are ids of the
taxonomy (`live`, `live.counterfeit`, …). `aspects` are `aspect:complaint` or `aspect:praise`. `entities`
are `kind:canonical name` (`platform:抖音`). `conducts` are conduct codes as leads: a person decides.
"""

COPIES: Final = pa.schema(
    [
        ("duplicate_of", pa.string()),
        pa.field("copy_group", pa.int64(), nullable=False),
        pa.field("suspicion", pa.list_(pa.string()), nullable=False),
    ]
)
"""What only the whole window tells.

`duplicate_of` is the id of the earliest item with nearly the same text, null when this is the first or
only one. Items with nearly the same text share `copy_group`; counting distinct groups counts without
copies. `suspicion` names reasons to suspect a paid post or a bot (`paid.…`, `bot.…`); suspected items
stay in every count unless a report says otherwise.
"""

CARRIED: Final = ("id", "at", "channel", "text", "kind", "author", "thread", "likes", "comments", "reposts",
                  "place", "respondent", "file", "line")  # fmt: skip
"""Columns of `POSTS` that stay with an annotated item; phone, card, ID and address numbers in them are
masked."""

ANNOTATED: Final = pa.schema(
    [*(POSTS.field(name) for name in CARRIED), *ANNOTATIONS, *COPIES],
    metadata={"fairstream": "annotated 1"},
)

INVENTED: Final = b"fairstream.invented"
"""Key in the metadata of a Parquet file of made-up items; every output repeats the mark."""
