"""The viewers of a broadcast: names in, pseudonyms out.

A consumer's name never leaves the reader. One key per import makes the same viewer recognisable inside it
and nowhere else (RFC 7693, keyed BLAKE2b).
"""

import secrets
from hashlib import blake2b

from fairstream.records import Speaker
from fairstream.sources.speakers import Cast


class Crowd:
    """Pseudonyms under one key, and who in the chat belongs to the room."""

    def __init__(self, key: bytes | None = None, cast: Cast | None = None) -> None:
        self._key = blake2b(key, digest_size=32).digest() if key else secrets.token_bytes(32)
        self._cast = cast if cast else None
        self._known: dict[str, str] = {}

    def pseudonym(self, user: str) -> str | None:
        """Sixteen hex digits that stand for `user`; None for no name."""
        found = self._known.get(user)
        if found is None and user:
            digest = blake2b(user.encode("utf-8", "replace"), key=self._key, digest_size=8)
            found = self._known[user] = digest.hexdigest()
        return found

    def speaker(self, name: str) -> Speaker:
        """``seller`` for the room's own people, else ``customer``."""
        return "seller" if name and self._cast and self._cast.has(name) else "customer"
