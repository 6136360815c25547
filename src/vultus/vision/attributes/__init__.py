"""What a face tells besides whose it is."""
