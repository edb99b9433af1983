"""Reads for pages that cut across rooms, one file a page."""
