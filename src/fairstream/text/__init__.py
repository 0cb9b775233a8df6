"""Pure functions on strings: folding, sound, numbers, clauses; every character knows its place."""
