"""Images: pixels, upright, and what cameras and programs wrote beside them."""
