"""An id of something hidden, put into a form, is refused as if it did not exist."""

import pytest
from django.urls import reverse

from tests.access.matrix import MATRIX
from tests.access.walk import answer, make_world

# Route, field, and whose id is tried: the hidden customer's contact, its private team.
FIELDS = [
    ("saves:new", "contact", "contact"),
    ("accounts:new", "team", "private team"),
    ("accounts:edit", "team", "private team"),
    ("access:invite", "team", "private team"),
]


@pytest.fixture
def world(db, caplog):
    caplog.set_level("CRITICAL", "django.request")
    return make_world()


@pytest.mark.parametrize(("name", "field", "thing"), FIELDS)
def test_a_hidden_id_in_a_form_is_no_id(world, name, field, thing):
    world.actor = "manager"
    row = MATRIX[name]
    path = reverse(
        name, kwargs={key: world.things[each]["own"] for key, each in row.things.items()}
    )
    hidden = world.things[thing]["foreign"]

    tries = {
        each: answer(world, "POST", path, {**row.body(world), field: value})
        for each, value in {"hidden": hidden, "made up": 2**40, "no number": "x"}.items()
    }

    assert tries == dict.fromkeys(tries, (422, set()))
    status, written = answer(world, "POST", path, row.body(world))
    assert (status, bool(written)) == (302, True)  # it was the id, and nothing else
