"""Consumers' posts, comments and complaints → Arrow tables of `columns.POSTS`.

posts = open_posts([Path("posts")])
for unit in posts.units:            # a file, a sheet or a row group; picklable
    log = ProblemLog(unit.file)
    for batch in unit.read(log):    # at most 16,384 rows of POSTS
        …
"""

from fairstream.sources.posts.mapping import Mapping as Mapping
from fairstream.sources.posts.open import Posts as Posts
from fairstream.sources.posts.open import Unit as Unit
from fairstream.sources.posts.open import open_posts as open_posts
