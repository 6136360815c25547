"""Whole pictures: what they show, how good they are, and how to crop them."""
