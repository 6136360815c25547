"""Videos and sounds: their frames, their streams, and what their containers tell."""
