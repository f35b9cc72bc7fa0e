"""The formats of annotated files and of texts."""
