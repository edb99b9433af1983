"""The same changes as on a customer's own page, made to hundreds in a few statements.

Each function takes a chunk of ids, locks what is there, decides for each customer as the
single action does, writes all of it at once, and says what became of each. Customers that are
gone or out of sight fail. `before` of a result holds what the undo needs: the value before, and
the version that the change left behind.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from apps.accounts.actions.stage import ReasonMissing
from apps.accounts.models import Account
from apps.history import actions as history
from apps.history.models import Event
from apps.users.models import CLOSED_TEAMS, Team, User
from apps.workspace.bulk_kinds import Done, Failed, Skipped


def _lock(pks, *, by):
    """Take the rows of those customers that are there for this person, lowest id first."""
    rows = Account.objects.visible_to(by).filter(pk__in=list(pks)).order_by("pk")
    # Owners and teams are read afterwards: joined to a row that changes while this one waits,
    # they would be those of before, and seem to be nobody.
    return list(rows.select_for_update(of=("self",)).prefetch_related("owner", "team"))


def _gone(pks):
    return dict.fromkeys(pks, Failed(_("They are not here any more.")))


# Every field that one of the payloads below has.
_TOLD = """
SELECT *, %(at)s::timestamptz AS happened_at
FROM jsonb_to_recordset(%(told)s) AS told (
    timeline_id bigint, before jsonb, after jsonb, reason jsonb, changes jsonb, source jsonb
)
"""


def _write(kind, changed, fields, *, by, at):
    """Save locked customers and tell of each; all payloads have the same fields.

    Args:
        kind: of the event.
        changed: pairs of a customer, changed but not saved, and a payload.
        fields: the columns that changed.
        by: the person.
        at: now.
    """
    if not changed:
        return
    for account, _payload in changed:
        account.version += 1
    told = [{"timeline_id": each.timeline_id, **payload} for each, payload in changed]
    params = {"told": Jsonb(told), "at": at}
    history.hold_many(_TOLD, params)
    names = list(changed[0][1])
    history.record_many(kind, rows=_TOLD, params=params, fields=names, by=by, at=at)
    accounts = [account for account, _payload in changed]
    Account.objects.bulk_update(accounts, [*fields, "version"])


def _done(account, **before):
    """Say that a customer was changed; the version is counted up when it is written."""
    return Done({**before, "version": account.version + 1})


def _since(befores, *, by):
    """Split customers into those to restore and the results of those to spare."""
    results = dict.fromkeys(befores, Skipped(_("They are not here any more.")))
    accounts, changed = [], []
    for account in _lock(befores, by=by):
        is_same = account.version == befores[account.pk]["version"]
        (accounts if is_same else changed).append(account)
    results |= _spared(changed)
    return accounts, results | {account.pk: Done() for account in accounts}


def _spared(accounts):
    """Say of each customer who changed it last."""
    if not accounts:
        return {}
    events = Event.objects.filter(timeline=OuterRef("timeline"), kind__startswith="accounts.")
    latest = events.order_by("-id").values("actor__name")[:1]
    rows = Account.objects.filter(pk__in=[account.pk for account in accounts])
    names = rows.values_list("pk", Subquery(latest))
    return {
        pk: Skipped(_("%(name)s changed them since.") % {"name": name or "Mainstay"})
        for pk, name in names
    }


# --- owner --------------------------------------------------------------------


@transaction.atomic
def change_owners(pks, *, to, by, at):
    """Put customers into somebody's hands.

    Args:
        pks: ids of customers.
        to: the new owner, or None for nobody.
        by: the person.
        at: now.

    Returns:
        What became of each id.
    """
    results, changed = _gone(pks), []
    for account in _lock(pks, by=by):
        before = account.owner
        if before == to:
            results[account.pk] = Skipped(_("They have this owner already."))
        elif to and account.team_id in to.hidden_teams:
            words = {"owner": to, "team": account.team}
            results[account.pk] = Failed(_("%(owner)s may not see customers of %(team)s.") % words)
        else:
            results[account.pk] = _done(account, owner=account.owner_id)
            account.owner = to
            changed.append((account, {"before": str(before or ""), "after": str(to or "")}))
    _write("accounts.owner_changed", changed, ["owner"], by=by, at=at)
    return results


@transaction.atomic
def tell_new_owner(pk, *, count, change, by, at):
    """Write into somebody's own history that they were given many customers; it is news to them.

    Nobody is told what they gave themselves; told twice of one change, it counts once.

    Args:
        pk: id of the new owner, or None for nobody.
        count: how many customers became theirs.
        change: id of the bulk change.
        by: the person who gave them.
        at: now.
    """
    people = User.objects.filter(pk=pk, is_active=True, member__isnull=False).exclude(pk=by.pk)
    to = people.select_related("member").first() if count else None
    if to is not None:
        history.record(
            "accounts.customers_given",
            timeline=to.member.timeline,
            by=by,
            at=at,
            subject=to,
            key=f"accounts.customers-given:{change}",
            count=count,
        )


@transaction.atomic
def restore_owners(befores, *, by, at):
    """Give customers back to whom they had, but for those that changed since."""
    accounts, results = _since(befores, by=by)
    owners = User.objects.in_bulk({befores[account.pk]["owner"] for account in accounts} - {None})
    changed = []
    for account in accounts:
        now, account.owner = account.owner, owners.get(befores[account.pk]["owner"])
        payload = {"before": str(now or ""), "after": str(account.owner or "")}
        changed.append((account, payload))
    _write("accounts.owner_changed", changed, ["owner"], by=by, at=at)
    return results


# --- team ---------------------------------------------------------------------


@transaction.atomic
def change_teams(pks, *, to, by, at):
    """Give customers to a team.

    Args:
        pks: ids of customers.
        to: the team, or None for none.
        by: the person.
        at: now.

    Returns:
        What became of each id.
    """
    accounts = _lock(pks, by=by)
    blind = blind_to(to, [account.owner_id for account in accounts])
    results, changed = _gone(pks), []
    for account in accounts:
        if account.team == to:
            results[account.pk] = Skipped(_("They are with this team already."))
        elif account.owner_id in blind:
            words = {"team": to, "owner": account.owner}
            results[account.pk] = Failed(
                _("%(team)s is private, and %(owner)s could not see this customer.") % words
            )
        else:
            results[account.pk] = _done(account, team=account.team_id)
            changed.append((account, _move(account, to)))
    _write("accounts.changed", changed, ["team"], by=by, at=at)
    return results


def blind_to(team, owners):
    """Return the ids of those owners who could not see a customer of a team."""
    if team is None or not team.is_private:
        return set()
    people = User.objects.filter(pk__in=set(owners) - {None}).select_related("member")
    people = people.annotate(closed_teams=CLOSED_TEAMS)
    return {person.pk for person in people if team.pk in person.hidden_teams}


def _move(account, team, **payload):
    before, account.team = account.team, team
    return {"changes": {"team": [str(before or ""), str(team or "")]}, **payload}


@transaction.atomic
def restore_teams(befores, *, by, at):
    """Give customers back to the team they had, but for those that changed since."""
    accounts, results = _since(befores, by=by)
    teams = Team.objects.in_bulk({befores[account.pk]["team"] for account in accounts} - {None})
    changed = [
        (account, _move(account, teams.get(befores[account.pk]["team"]), source=_undoing()))
        for account in accounts
    ]
    _write("accounts.changed", changed, ["team"], by=by, at=at)
    return results


# --- stage --------------------------------------------------------------------


@transaction.atomic
def change_stages(pks, *, to, reason, by, at):
    """Move customers to another stage by hand.

    Args:
        pks: ids of customers.
        to: one of the seven stages.
        reason: why, in a sentence.
        by: the person.
        at: now.

    Returns:
        What became of each id.

    Raises:
        ReasonMissing: when the reason is blank.
    """
    if not reason.strip():
        raise ReasonMissing
    results, changed = _gone(pks), []
    for account in _lock(pks, by=by):
        if account.stage == to:
            results[account.pk] = Skipped(_("They are at this stage already."))
            continue
        since = account.stage_since.isoformat()
        results[account.pk] = _done(account, stage=account.stage, since=since)
        payload = {"before": account.stage, "after": str(to), "reason": reason.strip()}
        account.stage, account.stage_since = str(to), at
        changed.append((account, payload))
    _write("accounts.stage_changed", changed, ["stage", "stage_since"], by=by, at=at)
    return results


@transaction.atomic
def restore_stages(befores, *, by, at):
    """Move customers back to the stage they had, but for those that changed since."""
    accounts, results = _since(befores, by=by)
    changed = []
    for account in accounts:
        before = befores[account.pk]
        payload = {"before": account.stage, "after": before["stage"], "source": _undoing()}
        account.stage = before["stage"]
        account.stage_since = datetime.fromisoformat(before["since"])
        changed.append((account, payload))
    _write("accounts.stage_changed", changed, ["stage", "stage_since"], by=by, at=at)
    return results


def _undoing():
    return _("undoing a change to many")
