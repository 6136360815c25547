"""Captions: what pictures show, in the words of a vision model elsewhere."""
