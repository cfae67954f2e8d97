"""The law book: dated, sourced data, and its reader. No number that someone could look up lives anywhere else."""
