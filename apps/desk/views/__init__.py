"""Pages that cut across rooms, one file a page."""
