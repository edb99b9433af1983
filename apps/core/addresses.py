"""Addresses of pages about one row each, found without asking all routes every time."""

import functools

from django.urls import reverse

_PLACE = 10**9  # stands for the row's id in what is kept


@functools.cache
def _pattern(name):
    return reverse(name, args=[_PLACE]).replace(str(_PLACE), "%d")


def address(name, pk):
    """Return the address of a page about one row; found once, since a page has dozens.

    Args:
        name: of a route that takes nothing but the row's id.
        pk: the row's.
    """
    return _pattern(name) % pk
