"""Reading the record for pages."""

from apps.accounts.queries.record import (
    made_with,
    names_for,
    people_of,
    possible_owners,
    twin_of,
)

__all__ = ["made_with", "names_for", "people_of", "possible_owners", "twin_of"]
