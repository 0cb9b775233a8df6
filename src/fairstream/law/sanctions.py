"""What may follow from a suspected conduct: the sanctions the law of the day threatens."""

from fairstream.law.wording import yuan

__all__ = ["yuan"]
