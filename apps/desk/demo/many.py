"""A change to many customers, as a manager finds it with its results some days later."""

import uuid

from django.db.models import Q

from apps.accounts.models import Account
from apps.desk.demo.shared_views import BY_HAND
from apps.users.models import User
from apps.workspace.actions import bulk
from apps.workspace.models import SavedView

SIZE = 40
KEY = uuid.UUID(int=20_418)


def make(at):
    """Let Helen put her team's best customers into a view, where some are already."""
    helen = User.objects.get(email="helen@demo.example")
    view = SavedView.objects.get(name=BY_HAND)
    best = Q(tier="high") | Q(pk__in=view.picks.values("subject_id"))
    hers = Account.objects.visible_to(helen).filter(best, team=helen.team, churned_on=None)
    change = bulk.preview(
        "accounts.pick",
        rows=hers.order_by("name_key", "pk").values_list("pk", "name")[:SIZE],
        by=helen,
        at=at,
        key=KEY,
        arguments={"view": view.pk},
        label=f"Put into “{view.name}”",
    )
    bulk.work(bulk.confirm(change, by=helen, at=at), clock=lambda: at)
