"""Consumers' posts, comments and complaints → Arrow tables of `columns.POSTS`."""
