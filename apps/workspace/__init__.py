"""What belongs to the whole workspace: its name, and the keys that make a form count once."""
