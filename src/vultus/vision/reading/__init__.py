"""Text in pictures: found, read, and put in order."""
