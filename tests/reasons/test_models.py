"""What reasons know of themselves."""

import pytest
from django.db import IntegrityError

from apps.reasons.models import Category
from tests.factories.reasons import CategoryFactory, ReasonFactory


@pytest.mark.parametrize(
    ("texts", "answer"),
    [({}, False), ({"say": "x"}, True), ({"ask": "x"}, True), ({"offer": "x"}, True)],
)
def test_a_reason_has_guidance_when_there_is_anything_to_show(texts, answer):
    assert ReasonFactory.build(category=None, **texts).has_guidance is answer


def test_the_call_page_gets_what_is_in_use_in_the_order_of_keys(db, now, django_assert_num_queries):
    second, first = CategoryFactory(position=2), CategoryFactory(position=1)
    CategoryFactory(position=3, retired_at=now)
    ReasonFactory(category=first, name="B", position=2)
    ReasonFactory(category=first, name="A", position=1)
    ReasonFactory(category=first, name="Gone", retired_at=now)

    with django_assert_num_queries(2):
        shown = [
            (category, [reason.name for reason in category.reasons.all()])
            for category in Category.objects.for_call()
        ]

    assert shown == [(first, ["A", "B"]), (second, [])]


@pytest.mark.parametrize("position", [0, 10])
def test_a_key_has_one_digit(db, position):
    with pytest.raises(IntegrityError):
        CategoryFactory(position=position)
