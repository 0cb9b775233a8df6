"""One broadcast and everything held about it → findings, files and a report a person can open."""
