"""The demo's saved views find what their names promise."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.access.models import Role
from apps.desk.demo import shared_views
from apps.desk.forms.saved_views import open_view
from apps.desk.queries import customers, saved
from apps.users.models import User
from apps.workspace.models import SavedView
from apps.workspace.queries import default_among


@pytest.fixture
def amara(db):
    call_command("load_demo", "--size", "300")
    return User.objects.select_related("member", "team").get(email="amara@demo.example")


def test_an_agent_finds_the_shared_views_and_opens_customers_with_their_own(amara):
    views = saved.views_of(amara)

    assert {view.name for view in views} == {
        *(entry.name for entry in shared_views.VIEWS if not entry.team),
        shared_views.BY_HAND,
    }
    assert default_among(views).name == shared_views.MINE
    assert default_among(views).roles == [Role.AGENT]


def test_every_view_can_be_asked_and_finds_somebody(amara):
    found = {}
    for view in SavedView.objects.all():
        opened = open_view(view, user=view.owner if view.sharing == "team" else amara)
        assert opened.lost == []
        form = opened.form
        found[view.name] = customers.matching(form, user=form.user, at=timezone.now()).count()

    assert {name for name, count in found.items() if not count} <= {"High tier, no owner"}
    # The demo's manager put more of them into it, all at once.
    assert found[shared_views.BY_HAND] > shared_views.PICKED
