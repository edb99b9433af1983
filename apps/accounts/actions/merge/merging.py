"""Two records of one customer: one is given up in favour of the other.

No history is rewritten: both timelines stay what they are, and pages show them as one. Contacts
and identities move to the record that is kept; `Merge` remembers which, and which values were
taken, so that parting the two puts back everything that nobody touched since.
"""

from django.db import transaction

from apps.accounts.actions.common import hold, refuse_gone
from apps.accounts.actions.keys import once
from apps.accounts.actions.merge.ending import settle, tell_both
from apps.accounts.actions.merge.fields import take_over
from apps.accounts.actions.merge.moving import move, point
from apps.accounts.actions.merge.refusals import (
    AlreadyMerged,
    OutOfSight,
    PairChanged,
    SameRecord,
)
from apps.accounts.models import Merge
from apps.workspace import actions as workspace


@transaction.atomic
def merge(kept, given_up, *, by, at, take=(), key=None, versions=None):
    """Give up one record in favour of another one of the same customer.

    Args:
        kept: the record that stays.
        given_up: the record that becomes part of it.
        by: the person.
        at: now.
        take: fields in which the given up record is right: keys of `FIELDS`, or of custom
            fields with `cf_` before them.
        key: of the form; sent twice, it merges once.
        versions: of both, as the form showed them, to notice that somebody was faster.

    Returns:
        The merge.

    Raises:
        SameRecord: when both are one.
        AlreadyMerged: when these two were merged before.
        MergedAway: when one of them is part of another record.
        Removed: when one of them was removed.
        OutOfSight: when the person may not see one of them.
        PairChanged: when a version is not the newest.
        CurrenciesDiffer: when amounts would be taken from a record in another currency.
        LeftBeforeStart: when the last day taken lies before the first.
    """
    if kept.pk == given_up.pk:
        raise SameRecord
    pair = f"accounts.merge:{min(kept.pk, given_up.pk)}:{max(kept.pk, given_up.pk)}"
    kept, given_up = hold(kept.pk, given_up.pk)
    with once(key, by=by, purpose=pair, at=at) as form:
        if form.result:
            return Merge.objects.select_related("kept", "given_up").get(pk=form.result)
        _check(kept, given_up, by=by, versions=versions)
        row = Merge(kept=kept, given_up=given_up, merged_at=at, merged_by=by)
        row.taken, changes = take_over(kept, given_up, take, by=by, at=at)
        row.moved = move(kept, given_up, at=at)
        row.moved["picks"] = workspace.pick_along(given_up.pk, kept=kept.pk, by=by, at=at)
        point(given_up, to=kept)
        row.save(force_insert=True)
        settle(kept, given_up)
        people = len(row.moved["contacts"]) or None
        tell_both("accounts.merged", row, by=by, at=at, changes=changes or None, people=people)
        form.result = row.pk
    return row


def _check(kept, given_up, *, by, versions):
    if given_up.merged_into_id == kept.pk:
        raise AlreadyMerged(given_up)
    if kept.merged_into_id == given_up.pk:
        raise AlreadyMerged(kept)
    for account in (kept, given_up):
        refuse_gone(account)
        if account.team_id in by.hidden_teams:
            raise OutOfSight
    if versions not in {None, (kept.version, given_up.version)}:
        raise PairChanged
