"""Posts by the million → annotated items, counts, and a report whose every number leads to its items."""
