"""A null character, which the database takes in no text, breaks no page that somebody asks for."""

import base64
import json

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from tests.access.matrix import MATRIX
from tests.access.walk import address, answer, make_world, routes

# As a place in a list: a mark that looks like one of ours.
MARK = base64.urlsafe_b64encode(json.dumps(["a", "s", "\0", 1]).encode()).decode().rstrip("=")
# What our addresses say, all at once; some pages read nothing else where there is a phone.
NAMES = [
    "q",
    "show",
    "contact",
    "view",
    "skip",
    "topic",
    "for",
    "whose",
    "seen",
    "shown",
    "columns",
    *("tab", "by", "team", "owner", "queue", "due", "kind", "priority"),
]
ASKED = [dict.fromkeys(NAMES, "\0") | {"at": MARK}, {"phone": "\0"}]


@pytest.mark.no_cover
def test_no_page_breaks_over_a_null_character(db, caplog):
    caplog.set_level("CRITICAL", "django.request")
    world, broken = make_world(), []
    for name, pattern in routes():
        row = MATRIX[name]
        if row.get is None or name.startswith(("admin:", "account", "users")):
            continue  # or pages of libraries, which ask forms of their own
        world.actor = "manager" if "manager" in row.who else max(row.who)
        path = address(world, name, pattern, row)
        for asked in ASKED:
            url = f"{path}?{urlencode(asked)}"
            try:
                answer(world, "GET", url, {})
            except Exception as error:  # noqa: BLE001  each page that breaks is named
                broken.append((url, repr(error)))

    assert broken == []


def test_a_search_for_a_null_character_finds_nobody(as_manager, account):
    url = reverse("accounts:merge", args=[account.pk])

    assert as_manager.get(url, {"q": "\0"}).context["found"] == []
