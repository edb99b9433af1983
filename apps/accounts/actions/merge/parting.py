"""Parting two records that were merged: everything that nobody touched since goes back."""

from typing import NamedTuple

from django.db import transaction

from apps.accounts.actions.churn import LeftBeforeStart, check_dates
from apps.accounts.actions.common import hold, refuse_gone
from apps.accounts.actions.merge.ending import settle, tell_both
from apps.accounts.actions.merge.fields import DATES, put, shown_in, stored_in, told
from apps.accounts.actions.merge.moving import send_back
from apps.accounts.actions.merge.refusals import PartOuterFirst, UnmergeTooLate
from apps.accounts.actions.tier import regrade
from apps.accounts.models import Account, Merge
from apps.workspace import actions as workspace


class Parted(NamedTuple):
    """A merge that was undone, and what was not put back since somebody changed it meanwhile.

    `spared` has up to three lists: `fields` that keep their new value, `contacts` that went back
    as edited, and `marks` that stay since a contact here has them now.
    """

    merge: Merge
    spared: dict


@transaction.atomic
def unmerge(merge, *, by, at):
    """Part two records again, and put back what nobody changed since.

    Merges into the same record can be undone in any order. Safe to call twice.

    Args:
        merge: the merge.
        by: the person.
        at: now.

    Returns:
        The merge, and what was spared.

    Raises:
        PartOuterFirst: when the kept record is part of another one now.
        Removed: when the kept record was removed.
        UnmergeTooLate: when thirty days are over.
    """
    kept, given_up = hold(merge.kept_id, merge.given_up_id)
    row = Merge.objects.get(pk=merge.pk)
    if row.undone_at is not None:
        return Parted(row, row.moved["spared"])
    row.kept, row.given_up = kept, given_up
    if kept.merged_into_id:
        raise PartOuterFirst(kept)
    refuse_gone(kept)
    if not row.can_undo(at):
        raise UnmergeTooLate
    before = _values(row)
    spared = {
        "fields": _put_back(row, by=by, at=at),
        **send_back(row),
    }
    after = _values(row)
    changes = {name: [was, after[name]] for name, was in before.items() if was != after[name]}
    _part_views(row)
    Account.objects.filter(pk__in=row.moved["members"]).update(merged_into=given_up)
    given_up.merged_into = None
    regrade(given_up, by=by, at=at)  # thresholds that changed meanwhile passed it by
    settle(kept, given_up)
    row.moved["spared"] = spared = {name: found for name, found in spared.items() if found}
    row.undone_at, row.undone_by = at, by
    row.save()
    said = {"changes": changes or None, "spared": spared or None}
    tell_both("accounts.unmerged", row, by=by, at=at, **said)
    return Parted(row, spared)


def _values(row):
    """Return what the kept record says where it took something, as the history shows it."""
    return {told(name): shown_in(row.kept, name) for name in row.taken}


def _part_views(row):
    """Let each of the two be in the views again in which it was."""
    if "picks" not in row.moved:
        return  # merged before views were taken along
    rest = Merge.objects.filter(kept=row.kept, undone_at=None, moved__has_key="picks")
    rest = {each.given_up_id: each for each in rest.exclude(pk=row.pk)}
    which = {"kept": row.kept_id, "made": row.moved["picks"], "others": list(rest)}
    for pick, other in workspace.pick_apart(row.given_up_id, **which).items():
        rest[other].moved["picks"].append(pick)
        rest[other].save(update_fields=["moved"])


def _put_back(row, *, by, at):
    """Undo what was taken, except what was edited since; return the fields that were."""
    later = list(Merge.objects.filter(kept=row.kept, undone_at=None, pk__gt=row.pk).order_by("pk"))
    now = {name: stored_in(row.kept, name) for name in [*row.taken, *DATES]}
    spared = [name for name in row.taken if not _undo(row, name, later)]
    try:
        check_dates(row.kept)
    except LeftBeforeStart:
        for name in DATES:
            put(row.kept, name, now[name])
        spared += [name for name in DATES if name in row.taken and name not in spared]
    for each in later:
        each.save(update_fields=["taken"])
    if "mrr" in spared:
        regrade(row.kept, by=by, at=at)
    return [told(name) for name in spared]


def _undo(row, name, later):
    """Put one field back; False when somebody edited it since."""
    before, after = row.taken[name]
    over = next((each for each in later if name in each.taken), None)
    if over is not None:
        # Another merge took the field after this one: it goes back to what was before both.
        if over.taken[name][0] != after:
            return False
        over.taken[name][0] = before
        return True
    current = stored_in(row.kept, name)
    if current == after:
        put(row.kept, name, before)
    return current in (before, after)
