"""Changes to many customers, as managers find them with their results some days later."""

import uuid
from datetime import timedelta

from django.db.models import Q

from apps.accounts import actions as accounts
from apps.accounts.models import Account
from apps.desk.demo import heroes
from apps.desk.demo.shared_views import BY_HAND
from apps.users.models import User
from apps.workspace.actions import bulk
from apps.workspace.models import SavedView

SIZE, GIVEN = 40, 14
PICKED, GAVE, TOOK_BACK = (uuid.UUID(int=number) for number in (20_418, 20_419, 20_420))


def make(at):
    """Let Helen change many customers of her team at once.

    She puts the best of them into a view, where some are already. She gives some to Zofia, who
    has some of these herself, and some to Rhodri, which she takes back; but not the one that
    Zofia took over meanwhile.

    Args:
        at: when she began.
    """
    helen, zofia, rhodri = (
        User.objects.get(email=f"{name}@demo.example") for name in ("helen", "zofia", "rhodri")
    )
    _pick(helen, at=at)
    _assign(_of_whom(helen, ["rhodri", "zofia"]), to=zofia, by=helen, at=at, key=GAVE)
    at += timedelta(minutes=30)
    given = _assign(_of_whom(helen, ["zofia"]), to=rhodri, by=helen, at=at, key=TOOK_BACK)
    _take_back(given, to=zofia, by=helen, at=at)


def _pick(helen, *, at):
    view = SavedView.objects.get(name=BY_HAND)
    best = Q(tier="high") | Q(pk__in=view.picks.values("subject_id"))
    hers = Account.objects.visible_to(helen).filter(best, team=helen.team, churned_on=None)
    change = bulk.preview(
        "accounts.pick",
        rows=hers.order_by("name_key", "pk").values_list("pk", "name")[:SIZE],
        by=helen,
        at=at,
        key=PICKED,
        arguments={"view": view.pk},
        label=f"Put into “{view.name}”",
    )
    bulk.work(bulk.confirm(change, by=helen, at=at), clock=lambda: at)


def _of_whom(helen, owners):
    """Return some of the team's small customers; those who are told of in full stay theirs."""
    told = [each.name for each in heroes.ALL]
    emails = [f"{name}@demo.example" for name in owners]
    hers = Account.objects.visible_to(helen).filter(team=helen.team, owner__email__in=emails)
    small = hers.filter(tier="standard", churned_on=None).exclude(name__in=told)
    return small.order_by("name_key", "pk").values_list("pk", "name")[:GIVEN]


def _assign(rows, *, to, by, at, key):
    change = bulk.preview(
        "accounts.owner",
        rows=rows,
        by=by,
        at=at,
        key=key,
        arguments={"owner": to.pk},
        label=f"Assign to {to.name}",
    )
    return bulk.work(bulk.confirm(change, by=by, at=at), clock=lambda: at)


def _take_back(change, *, to, by, at):
    """Undo an assignment after one of its customers found another owner; a small book has none."""
    first = change.rows.filter(outcome="done").order_by("pk").first()
    if first is None:
        return
    account = Account.objects.get(pk=first.subject_id)
    accounts.change_owner(account, to=to, by=to, at=at + timedelta(minutes=2))
    later = at + timedelta(minutes=4)
    bulk.work(bulk.undo(change, by=by, at=later), clock=lambda: later)
