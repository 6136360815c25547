"""Faces: found, aligned, embedded, and judged for how well they can be recognised."""
