"""Reading tasks: for whom they are, whose working time counts, and what the pages show."""
