"""What the pages of the save moment read."""
