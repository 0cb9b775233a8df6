"""Facts × facts → outcomes: one file for each cross-check, its words and limits as data beside it."""
