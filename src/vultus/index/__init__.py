"""An object to a File record with its figures."""
