"""The formats of extractions, and the outputs that they are written to."""
