"""The set-based statements of activity, in the subset that DuckDB and Spark share."""
