"""Output formats for extractions, and the files that they are written to."""
