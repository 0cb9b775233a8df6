"""Parquet datasets, queries over them, and running a batch function here, on processes or on Spark."""
