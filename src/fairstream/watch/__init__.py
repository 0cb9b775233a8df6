"""Live streams and growing recordings → segments on disk with their hashes, and findings as they are said."""
