"""What people have to do for a customer: who does it, by when, and what became of it."""
