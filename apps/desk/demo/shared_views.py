"""Saved views as a team has them after a while: shared ones, one of a team, one picked by hand."""

from typing import NamedTuple

from apps.access.models import Role
from apps.accounts.models import Account
from apps.desk.demo.people import ATLANTIC, NORTHERN, STAFF
from apps.users.models import Team, User
from apps.workspace.models import DefaultView, SavedView, ViewPick

PICKED = 12


class Entry(NamedTuple):
    """A view that finds its customers by filters."""

    name: str
    by: str
    query: str
    columns: str = ""
    team: str = ""


MINE = "My customers"
VIEWS = [
    Entry(MINE, "helen", "owner=me&status=customer&status=leaving"),
    Entry(
        "At risk",
        "helen",
        "stage=wandering_eye&stage=test_drive&status=customer&sort=-mrr",
        "stage.mrr.owner.renews.touch",
    ),
    Entry(
        "Renewing in 60 days",
        "daniel",
        "status=customer&renews=60&sort=renews",
        "renews.mrr.plan.stage.owner.touch",
    ),
    Entry("High tier, no owner", "daniel", "tier=high&owner=none&status=customer"),
    Entry(
        "Atlantic, on their way out",
        "marcus",
        "status=leaving",
        "churned.mrr.tier.owner",
        team=ATLANTIC,
    ),
]
BY_HAND = "Spring renewals"


def make(at):
    """Make the views, and let the list of agents open with their own customers."""
    people = {entry.short: User.objects.get(email=entry.address) for entry in STAFF}
    teams = {team.name: team for team in Team.objects.all()}
    views = SavedView.objects.bulk_create(
        SavedView(
            name=entry.name,
            query=entry.query,
            columns=entry.columns.split(".") if entry.columns else [],
            owner=people[entry.by],
            sharing="team" if entry.team else "everyone",
            team=teams.get(entry.team),
            created_at=at,
        )
        for entry in VIEWS
    )
    DefaultView.objects.create(view=views[0], role=Role.AGENT)
    _pick(people["amara"], teams[NORTHERN], at)


def _pick(amara, team, at):
    view = SavedView.objects.create(
        name=BY_HAND, owner=amara, sharing="team", team=team, is_picked=True, created_at=at
    )
    view.query = f"picked={view.pk}&sort=renews"
    view.save()
    hers = Account.objects.live().filter(owner=amara, churned_on=None).order_by("pk")
    ViewPick.objects.bulk_create(
        ViewPick(view=view, subject_id=pk, added_by=amara, added_at=at)
        for pk in hers.values_list("pk", flat=True)[:PICKED]
    )
