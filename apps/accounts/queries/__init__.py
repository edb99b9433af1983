"""Reading the record for pages."""

from apps.accounts.queries.record import (
    PEOPLE,
    made_with,
    names_for,
    people_from,
    people_of,
    possible_owners,
    twin_of,
)

__all__ = [
    "PEOPLE",
    "made_with",
    "names_for",
    "people_from",
    "people_of",
    "possible_owners",
    "twin_of",
]
