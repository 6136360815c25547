"""A URI to bytes and object facts."""
