"""The spine: append-only timelines, and telling other rooms what happened.

A timeline belongs to whatever points at it (a customer, a person's role, a reason). The
database refuses to change or delete an event.
"""
