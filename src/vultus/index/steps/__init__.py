"""The steps of indexing, one a file."""
