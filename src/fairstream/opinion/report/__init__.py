"""Counts of a window → a paper: every number and quotation in it leads to its items."""
