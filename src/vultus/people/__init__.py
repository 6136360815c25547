"""Faces to people: evidence, partition, plan and metrics, arrays in and arrays out."""
