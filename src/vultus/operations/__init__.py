"""What the API can do: one module for each noun, entered through ``dispatch``."""
