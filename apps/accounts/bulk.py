"""What can be done to many customers at once: owner, team, stage, and a place in a view."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.actions import many
from apps.accounts.models import Account
from apps.users.models import CLOSED_TEAMS, Team, User
from apps.workspace import actions as workspace
from apps.workspace.bulk_kinds import Done, Failed, Skipped, register
from apps.workspace.models import SavedView, ViewPick

MAY = "accounts.bulk"


def _fail(pks, why):
    return dict.fromkeys(pks, Failed(why))


def _count(ids, **questions):
    """Count those of some customers that fit each question, in one query."""
    counts = {name: Count("pk", filter=question) for name, question in questions.items()}
    return Account.objects.filter(pk__in=ids).aggregate(**counts)


# --- owner --------------------------------------------------------------------


def _owner(pk):
    """Return (the new owner, whether they can be one)."""
    if not pk:
        return None, True
    people = User.objects.select_related("member").annotate(closed_teams=CLOSED_TEAMS)
    person = people.filter(pk=pk, is_active=True).first()
    return person, person is not None


def _change_owner(pks, *, owner, by, at):
    to, can_be = _owner(owner)
    if not can_be:
        return _fail(pks, _("The new owner has left. Choose somebody else."))
    return many.change_owners(pks, to=to, by=by, at=at)


def _restore_owner(befores, *, owner, by, at):
    return many.restore_owners(befores, by=by, at=at)


def _tell_owner(change, *, owner, by, at):
    many.tell_new_owner(owner, count=change.done, change=change.pk, by=by, at=at)


def _forecast_owner(ids, *, owner, by):
    to, _can_be = _owner(owner)
    hidden = to.hidden_teams if to else []
    # An empty list is no question to a database.
    blind = Q(team__in=hidden) & ~Q(owner=to) if hidden else Q(pk=None)
    found = _count(ids, same=Q(owner=to), blind=blind)
    same = ngettext(
        "%(count)s customer has this owner already.",
        "%(count)s customers have this owner already.",
        found["same"],
    )
    private = ngettext(
        "%(count)s customer is with a private team that the new owner may not see.",
        "%(count)s customers are with private teams that the new owner may not see.",
        found["blind"],
    )
    return [(found["same"], same), (found["blind"], private)]


register(
    "accounts.owner",
    right=MAY,
    apply=_change_owner,
    undo=_restore_owner,
    forecast=_forecast_owner,
    finished=_tell_owner,
)


# --- team ---------------------------------------------------------------------


def _team(pk):
    """Return (the team, whether it is there)."""
    team = Team.objects.filter(pk=pk).first() if pk else None
    return team, team is not None or not pk


def _change_team(pks, *, team, by, at):
    to, is_there = _team(team)
    if not is_there or (to and to.pk in by.hidden_teams):
        return _fail(pks, _("The team is gone. Choose another one."))
    return many.change_teams(pks, to=to, by=by, at=at)


def _restore_team(befores, *, team, by, at):
    return many.restore_teams(befores, by=by, at=at)


def _forecast_team(ids, *, team, by):
    to, _is_there = _team(team)
    accounts = Account.objects.filter(pk__in=ids)
    owners = accounts.exclude(owner=None).values_list("owner", flat=True)
    private = to is not None and to.is_private
    blind = many.blind_to(to, owners.distinct()) if private else None
    found = _count(
        ids, same=Q(team=to), blind=Q(owner__in=blind) & ~Q(team=to) if blind else Q(pk=None)
    )
    same = ngettext(
        "%(count)s customer is with this team already.",
        "%(count)s customers are with this team already.",
        found["same"],
    )
    unseen = ngettext(
        "%(count)s customer has an owner who may not see this private team.",
        "%(count)s customers have an owner who may not see this private team.",
        found["blind"],
    )
    return [(found["same"], same), (found["blind"], unseen)]


register(
    "accounts.team",
    right=MAY,
    apply=_change_team,
    undo=_restore_team,
    forecast=_forecast_team,
)


# --- stage --------------------------------------------------------------------


def _restore_stage(befores, *, stage, reason, by, at):
    return many.restore_stages(befores, by=by, at=at)


def _change_stage(pks, *, stage, reason, by, at):
    return many.change_stages(pks, to=stage, reason=reason, by=by, at=at)


def _forecast_stage(ids, *, stage, reason, by):
    found = _count(ids, same=Q(stage=stage))["same"]
    same = ngettext(
        "%(count)s customer is at this stage already.",
        "%(count)s customers are at this stage already.",
        found,
    )
    return [(found, same)]


register(
    "accounts.stage",
    right=MAY,
    apply=_change_stage,
    undo=_restore_stage,
    forecast=_forecast_stage,
)


# --- a view that is filled by hand --------------------------------------------


def _view(pk, by):
    return SavedView.objects.visible_to(by).filter(pk=pk, is_picked=True).first()


def _pick(pks, *, view, by, at):
    chosen = _view(view, by)
    if chosen is None:
        return _fail(pks, _("The view is gone. Choose another one."))
    rows = Account.objects.visible_to(by).filter(pk__in=list(pks))
    here = set(rows.values_list("pk", flat=True))
    results = _fail(pks, _("They are not here any more."))
    results |= dict.fromkeys(here, Skipped(_("They are in this view already.")))
    return results | dict.fromkeys(workspace.pick(chosen, here, by=by, at=at), Done())


def _unpick(befores, *, view, by, at):
    picks = ViewPick.objects.filter(view=view, subject_id__in=list(befores))
    there = set(picks.values_list("subject_id", flat=True))
    results = dict.fromkeys(befores, Skipped(_("They were taken out of the view since.")))
    if there:
        workspace.unpick(SavedView.objects.get(pk=view), there)
    return results | dict.fromkeys(there, Done())


def _forecast_pick(ids, *, view, by):
    found = ViewPick.objects.filter(view=view, subject_id__in=ids).count()
    same = ngettext(
        "%(count)s customer is in this view already.",
        "%(count)s customers are in this view already.",
        found,
    )
    return [(found, same)]


register(
    "accounts.pick",
    right="workspace.save_view",
    apply=_pick,
    undo=_unpick,
    forecast=_forecast_pick,
)
