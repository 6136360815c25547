"""Durable work: jobs of the catalog, carried out by worker processes."""
