"""The outside world → records: one file per family of formats."""
