"""Documents: what is written in them, format by format."""
