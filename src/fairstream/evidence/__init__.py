"""Proof that verifies without us: capture records, the custody log, clips, page captures, sealed packages."""
