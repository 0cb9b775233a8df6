"""Pure functions on strings: folding, sound, numbers; every character knows its place."""
