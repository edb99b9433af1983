"""Telling people what happened: who follows which history, and what they have not read yet."""
