"""The table of rights."""

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.access import rules
from tests.factories.users import UserFactory, make_person


@pytest.mark.parametrize(
    ("role", "code", "answer"),
    [
        ("agent", "saves.log", True),
        ("agent", "access.view_people", False),
        ("agent", "tasks.work", True),
        ("agent", "tasks.assign", False),
        ("manager", "tasks.assign", True),
        ("agent", "reasons.change_reason", False),
        ("manager", "access.invite", True),
        ("manager", "access.change_people", False),
        ("manager", "reasons.view_reason", False),
        ("admin", "access.change_people", True),
        ("admin", "reasons.delete_reason", True),
        ("admin", "unknown.thing", False),
    ],
)
def test_a_role_includes_a_right_or_not(role, code, answer):
    assert rules.allows(role, code) is answer


def test_each_role_includes_the_one_below():
    assert rules.AGENT < rules.MANAGER < rules.ADMIN


@pytest.mark.django_db
def test_rights_follow_the_role():
    assert make_person("agent").has_perm("saves.log") is True
    assert make_person("admin").has_module_perms("reasons") is True
    assert make_person("manager").has_module_perms("reasons") is False


@pytest.mark.django_db
def test_without_a_role_or_an_open_account_there_are_no_rights():
    assert UserFactory().has_perm("saves.log") is False
    assert make_person("admin", is_active=False).has_perm("saves.log") is False
    assert AnonymousUser().has_perm("saves.log") is False
