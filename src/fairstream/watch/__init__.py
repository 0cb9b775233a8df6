"""A live stream or a growing recording → findings as they are said, and a recording that survives a kill."""
