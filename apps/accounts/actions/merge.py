"""Two records of one customer: one given up in favour of the other, and parted again.

No history is rewritten: both timelines stay what they are, and pages show them as one. Contacts
and identities move to the record that is kept; `Merge` remembers which, and which values were
taken, so that parting the two puts back everything that nobody touched since.
"""

import datetime
import hashlib
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import custom
from apps.accounts.actions.churn import LeftBeforeStart
from apps.accounts.actions.common import MergedAway, Refused, hold, refuse_gone, tell
from apps.accounts.actions.identity import claim
from apps.accounts.actions.keys import once
from apps.accounts.actions.tier import regrade
from apps.accounts.models import UNMERGE_FOR, Account, Contact, FieldKind, Identity, Merge
from apps.core.templatetags.mainstay import money
from apps.history import actions as history

# What can be taken from the record that is given up, and the columns that make it up.
FIELDS = {
    **{name: [name] for name in ("name", "about", "started_on", "renews_on", "churned_on")},
    "stage": ["stage", "stage_since"],
    "tier": ["tier", "is_tier_set_by_hand"],
    **{name: [name] for name in ("mrr", "plan", "industry", "time_zone")},
    "owner": ["owner_id"],
    "team": ["team_id"],
}
_DATES = ["started_on", "churned_on"]
# Of a contact: what tells that somebody edited or removed it.
_DETAILS = ["name", "title", "email", "phone", "preferred_channel", "language", "removed_at"]


class SameRecord(Refused):
    """A record and itself."""

    def __init__(self):
        super().__init__(_("This is one and the same record. Choose another one."))


class AlreadyMerged(MergedAway):
    """Somebody merged these two before."""

    TEXT = gettext_lazy("%(name)s is part of %(kept)s (%(reference)s) already.")


class OutOfSight(Refused):
    """One of the two belongs to a private team that the person is no part of."""

    def __init__(self):
        super().__init__(_("You can’t see one of the two. Ask an admin to merge them."))


class PairChanged(Refused):
    """Somebody changed one of the two after the page was opened."""

    def __init__(self):
        super().__init__(
            _("Somebody changed one of the two meanwhile. Check the choices, then merge again.")
        )


class CurrenciesDiffer(Refused):
    """Amounts of one currency would become amounts of another."""

    def __init__(self, kept, given_up):
        words = {"kept": kept.currency, "other": given_up.currency}
        super().__init__(
            _(
                "One pays in %(kept)s, the other in %(other)s. Keep the record whose amounts are "
                "right, and take no amounts from the other."
            )
            % words
        )


class PartOuterFirst(Refused):
    """The record that was kept has itself been given up since."""

    def __init__(self, kept):
        words = {"name": kept.name, "outer": kept.merged_into.name}
        super().__init__(
            _("%(name)s is part of %(outer)s itself now. Part those two first.") % words
        )


class UnmergeTooLate(Refused):
    """The thirty days are over."""

    def __init__(self):
        super().__init__(
            _(
                "These two were merged more than %(days)d days ago and stay one. Add a new "
                "customer instead."
            )
            % {"days": UNMERGE_FOR.days}
        )


class Parted(NamedTuple):
    """A merge that was undone, and what was not put back since somebody changed it meanwhile.

    `spared` has up to three lists: `fields` that keep their new value, `contacts` that went back
    as edited, and `marks` that stay since a contact here has them now.
    """

    merge: Merge
    spared: dict


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
        row.taken, changes = _take(kept, given_up, take, by=by, at=at)
        row.moved = _move(kept, given_up, at=at)
        _point(given_up, to=kept)
        row.save(force_insert=True)
        _settle(kept, given_up)
        people = len(row.moved["contacts"]) or None
        _tell_both("accounts.merged", row, by=by, at=at, changes=changes or None, people=people)
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


# --- Fields -----------------------------------------------------------------------


def _stored(account, field):
    """Return a field's columns as JSON can hold them."""
    if field.startswith(custom.PREFIX):
        return [account.custom.get(field.removeprefix(custom.PREFIX))]
    return [_plain(getattr(account, column)) for column in FIELDS[field]]


def _plain(value):
    if isinstance(value, datetime.date):  # a moment as well
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _put(account, field, stored):
    """Set a field's columns from what `_stored()` gave."""
    if field.startswith(custom.PREFIX):
        key, values = field.removeprefix(custom.PREFIX), dict(account.custom)
        values.pop(key, None)
        if stored[0] is not None:
            values[key] = stored[0]
        account.custom = values
        return
    for column, value in zip(FIELDS[field], stored, strict=True):
        # The column's own type reads what JSON made of it.
        setattr(account, column, Account._meta.get_field(column).to_python(value))


def _take(kept, given_up, fields, *, by, at):
    """Let the kept record take fields; return what was taken, and how the history tells it."""
    if kept.currency != given_up.currency and _amounts() & set(fields):
        raise CurrenciesDiffer(kept, given_up)
    watched = dict.fromkeys([*fields, "tier"])  # the tier may follow the MRR
    before = {name: (_stored(kept, name), _shown(kept, name)) for name in watched}
    for name in fields:
        _put(kept, name, _stored(given_up, name))
    if not _fits(kept):
        raise LeftBeforeStart
    if {"mrr", "tier"} & set(fields):
        regrade(kept, by=by, at=at)
    taken, changes = {}, {}
    for name, (stored, shown) in before.items():
        if stored != (after := _stored(kept, name)):
            taken[name] = [stored, after]
            changes[told(name)] = [shown, _shown(kept, name)]
    return taken, changes


def _amounts():
    """Fields that hold money."""
    money_fields = [f.name for f in custom.read_definitions() if f.kind == FieldKind.MONEY]
    return {"mrr", *money_fields}


def _fits(account):
    """Whether the dates agree, as the database asks."""
    first, last = account.started_on, account.churned_on
    return last is None or (first is not None and last >= first)


def _definition(field):
    """Return a custom field's definition, or None when it is retired."""
    key = field.removeprefix(custom.PREFIX)
    return next((each for each in custom.read_definitions() if each.key == key), None)


def told(field):
    """Return what the history calls a field."""
    if not field.startswith(custom.PREFIX):
        return field
    found = _definition(field)
    return found.told if found else custom.TOLD + field.removeprefix(custom.PREFIX)


def _shown(account, field):
    """Return a field as the history shows it."""
    if field.startswith(custom.PREFIX):
        (value,), found = _stored(account, field), _definition(field)
        return found.told_as(value, account.currency) if found else str(value or "")
    if field == "mrr":
        return money(account.mrr, account.currency)
    value = getattr(account, field)
    return "" if value is None else str(value)


# --- What moves -------------------------------------------------------------------


def _print(contact):
    """Return a short print of a contact's details, which tells whether they were edited."""
    text = "\0".join(str(getattr(contact, name)) for name in _DETAILS)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _primary_of(account):
    """Return the id of the one to call first, or None."""
    found = Contact.objects.filter(account=account, is_primary=True)
    return found.values_list("pk", flat=True).first()


def _move(kept, given_up, *, at):
    """Bring contacts and identities over; return what parting them again needs to know."""
    first, other = _primary_of(kept), _primary_of(given_up)
    people = Contact.objects.filter(account=given_up)
    moved = {
        "contacts": {str(each.pk): _print(each) for each in people.order_by("pk")},
        "identities": list(
            Identity.objects.filter(account=given_up).order_by("pk").values_list("pk", flat=True)
        ),
        "members": list(
            Account.objects.filter(merged_into=given_up).order_by("pk").values_list("pk", flat=True)
        ),
        "first": first,
        "stepped_back": other if first and other else None,
    }
    if moved["stepped_back"]:
        Contact.objects.filter(pk=other).update(is_primary=False, version=F("version") + 1)
    people.update(account=kept)
    Identity.objects.filter(account=given_up).update(account=kept)
    moved["made"] = _keep_reference(kept, given_up, at=at)
    return moved


def _keep_reference(kept, given_up, *, at):
    """Recognise the customer by the reference that is given up; return the new mark's id."""
    mark = {"external": given_up.reference}
    known = set(Identity.objects.filter(account=kept, kind="external").values_list("pk", flat=True))
    found, _blocked = claim(kept, mark, at=at, source=_("merge"))
    made = [each.pk for each in found if each.account_id == kept.pk and each.pk not in known]
    return made[0] if made else None


def _point(given_up, *, to):
    """Let a record, and those merged into it before, belong to the one that stays."""
    Account.objects.filter(merged_into=given_up).update(merged_into=to)
    given_up.merged_into = to


def _settle(kept, given_up):
    """Write both records, and count every touch with the customer as one of the kept record's."""
    for account in (kept, given_up):
        account.version += 1
        account.save()
    for account in (kept, given_up):
        members = Account.objects.filter(merged_into=account)
        history.reckon_touch(account.timeline, members.values("timeline"))


def _tell_both(kind, row, *, by, at, **payload):
    """Write the event into both histories, each naming the other record; the kept one in full."""
    pairs = [(row.kept, row.given_up, True), (row.given_up, row.kept, False)]
    for account, other, is_kept in pairs:
        tell(
            kind,
            account,
            by=by,
            at=at,
            other=other.name,
            reference=other.reference,
            is_kept=is_kept,
            **(payload if is_kept else {}),
        )


# --- Parting ----------------------------------------------------------------------


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
    spared = {
        "fields": _put_back(row, by=by, at=at),
        **_send_back(row),
    }
    Account.objects.filter(pk__in=row.moved["members"]).update(merged_into=given_up)
    given_up.merged_into = None
    regrade(given_up, by=by, at=at)  # thresholds that changed meanwhile passed it by
    _settle(kept, given_up)
    row.moved["spared"] = spared = {name: found for name, found in spared.items() if found}
    row.undone_at, row.undone_by = at, by
    row.save()
    _tell_both("accounts.unmerged", row, by=by, at=at, spared=spared or None)
    return Parted(row, spared)


def _put_back(row, *, by, at):
    """Undo what was taken, except what was edited since; return the fields that were."""
    later = list(Merge.objects.filter(kept=row.kept, undone_at=None, pk__gt=row.pk).order_by("pk"))
    now = {name: _stored(row.kept, name) for name in [*row.taken, *_DATES]}
    spared = [name for name in row.taken if not _undo(row, name, later)]
    if not _fits(row.kept):
        for name in _DATES:
            _put(row.kept, name, now[name])
        spared += [name for name in _DATES if name in row.taken and name not in spared]
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
    current = _stored(row.kept, name)
    if current == after:
        _put(row.kept, name, before)
    return current in (before, after)


def _send_back(row):
    """Give back contacts and identities; return what was edited and what stays."""
    kept, given_up, moved = row.kept, row.given_up, row.moved
    people = list(Contact.objects.filter(account=kept, pk__in=moved["contacts"]).order_by("pk"))
    ids = [each.pk for each in people]
    Identity.objects.filter(account=kept, pk=moved["made"]).delete()
    marks = Identity.objects.filter(account=kept)
    theirs = Q(pk__in=moved["identities"])
    # One that a contact who stays has by now is needed here; one of a contact who goes, there.
    used_here = Q(contact__isnull=False) & ~Q(contact__in=ids)
    stay = list(marks.filter(theirs & used_here).order_by("pk").values_list("value", flat=True))
    marks.filter((theirs & ~used_here) | Q(contact__in=ids)).update(account=given_up)
    Contact.objects.filter(pk__in=ids).update(account=given_up)
    for account, first in ((given_up, moved["stepped_back"]), (kept, moved["first"])):
        if _primary_of(account) is None:
            own = Contact.objects.live().filter(pk=first, account=account)
            own.update(is_primary=True, version=F("version") + 1)
    edited = [each.name for each in people if moved["contacts"][str(each.pk)] != _print(each)]
    return {"contacts": edited, "marks": stay}
