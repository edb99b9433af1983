"""The pages of the save moment."""
