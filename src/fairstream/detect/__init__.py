"""Rules × texts → findings: compile, match, weigh the context, explain."""
