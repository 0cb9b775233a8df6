"""Personal numbers in text → stars: see `fairstream.text.masking`, where the string work lies."""

from fairstream.text.masking import mask

__all__ = ["mask"]
