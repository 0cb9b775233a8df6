"""Papers as data → HTML, Word and PDF."""
