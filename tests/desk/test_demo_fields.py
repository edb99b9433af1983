"""The demo's custom fields: every value is one that its field takes."""

import random

import pytest

from apps.accounts import custom
from apps.desk.demo import own_fields
from apps.desk.demo.customers import Maker
from apps.history.models import Event
from tests.conftest import NOW


@pytest.mark.django_db
def test_every_value_is_one_that_its_field_takes():
    own_fields.define(NOW)
    fields = {field.key: field for field in custom.read_definitions()}
    maker = Maker(random.Random(1))  # noqa: S311

    said = [own_fields.values(maker.make(), NOW.date()) for _number in range(300)]

    for values in said:
        assert {key: fields[key].check(value) for key, value in values.items()} == values
    for key in fields:
        known = sum(key in values for values in said)
        assert 40 < known < 300
    assert Event.objects.filter(kind="accounts.field_added").count() == 7


def test_a_customer_says_the_same_each_time():
    who = Maker(random.Random(1)).make()  # noqa: S311

    assert own_fields.values(who, NOW.date()) == own_fields.values(who, NOW.date())
