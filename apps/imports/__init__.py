"""Bringing customers in from files, all of a file or nothing."""
