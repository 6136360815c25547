"""Bytes to facts and pixels."""
