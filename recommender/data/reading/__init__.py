"""Bytes to raw tables: encodings, separators, archives, workbooks, Parquet."""
