"""A chart as data → the same picture in the browser and in documents."""
