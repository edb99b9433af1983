"""A file of many customers takes no more memory than one of a few: it leaves piece by piece."""

import tracemalloc

import pytest
from django.http import QueryDict

from apps.desk.forms import CustomerFilter
from apps.desk.queries import export
from tests.desk.crowd import crowd

FEW, MANY = export.CHUNK, 10 * export.CHUNK


def write(user, at, query):
    """Write a file as a server does, forgetting each piece; return its lines and the peak."""
    form = CustomerFilter(QueryDict(query), user=user)
    assert form.is_valid()
    tracemalloc.start()
    made = export.prepare(form, user=user, at=at)
    lines = sum(piece.count("\r\n") for piece in made.lines())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return lines - 1, peak


# Each of memory's pieces is written down meanwhile; lines as well would take minutes.
@pytest.mark.no_cover
def test_ten_times_the_rows_take_no_more_memory(manager, now):
    crowd(FEW, name="Harbour")
    few, peak_of_few = write(manager, now, "sort=name")
    crowd(MANY - FEW - 2, name="Harbour")

    # By name, and as a search puts them in order.
    for query in ("sort=name", "q=harbour"):
        many, peak_of_many = write(manager, now, query)

        assert (few, many) == (FEW + 1, MANY)
        assert peak_of_many < 1.5 * peak_of_few
