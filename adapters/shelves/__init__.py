"""Shelves: the further kinds of facts, each as immutable Parquet files and a pointer to them."""
