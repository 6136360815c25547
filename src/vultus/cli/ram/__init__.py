"""``vultus ram``: who may do what, one noun a file."""
