"""One factory for each model; free of surprises, so that a reader never needs to open them."""
