"""The record itself: adding a customer, correcting it, and who looks after it."""

from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import custom as fields
from apps.accounts.actions.churn import check_dates, come_back, leave
from apps.accounts.actions.common import ChangedMeanwhile, Refused, lock, tell
from apps.accounts.actions.keys import once
from apps.accounts.actions.tier import earned, regrade
from apps.accounts.models import Account
from apps.core.templatetags.mainstay import money
from apps.history import actions as history


class ReferenceTaken(Refused):
    """Another customer has this reference."""

    def __init__(self):
        super().__init__(_("Another customer has this reference. Choose another one."))


class ValueRefused(Refused):
    """A value that a custom field doesn't take, or a field that was retired meanwhile."""


@contextmanager
def _reference_is_free():
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "_reference_" not in (error.__cause__.diag.constraint_name or ""):
            raise
        raise ReferenceTaken from error


@transaction.atomic
def create(*, by, at, key=None, source="", custom=None, **details):
    """Add a customer, with the tier that their MRR earns.

    Args:
        by: the person, or None for Mainstay itself.
        at: now.
        key: of the form; sent twice, it adds one customer.
        source: where the record comes from, if not from a form.
        custom: values of custom fields by their keys.
        **details: fields of the account.

    Raises:
        ReferenceTaken: when another customer has this reference.
        ValueRefused: when a custom field doesn't take its value.
        LeftBeforeStart: when the last day lies before the first.
    """
    with once(key, by=by, purpose="accounts.new", at=at) as form:
        if form.result:
            return Account.objects.get(pk=form.result)
        account = Account(**details, stage_since=at, created_at=at)
        check_dates(account)
        wanted = fields.differing(account, custom or {})
        account.custom, _told = _altered(account, wanted, currency=account.currency)
        account.tier = earned(account)
        account.timeline = history.new_timeline()
        with _reference_is_free():
            account.save(force_insert=True)
        tell("accounts.created", account, by=by, at=at, source=str(source) or None)
        form.result = account.pk
    return account


@transaction.atomic
def edit(account, *, by, at, version=None, source="", custom=None, **details):
    """Correct a customer's details; the tier follows unless it was set by hand.

    Args:
        account: the customer.
        by: the person, or None for Mainstay itself.
        at: now.
        version: the one that the form showed, to notice that somebody was faster.
        source: where the correction comes from, if not from a form.
        custom: values of custom fields by their keys; None takes one away, and a key that is
            left out stays as it is.
        **details: any of name, reference, about, the dates, mrr, currency, plan, industry,
            time_zone and team.

    Raises:
        ChangedMeanwhile: when the version is not the newest; it carries the account.
        ReferenceTaken: when another customer has this reference.
        LeftBeforeStart: when the last day lies before the first.
        ValueRefused: when a custom field doesn't take its value.
    """
    account = lock(account)
    before = {name: _shown(account, name) for name in details}
    was_leaving_on = account.churned_on
    changed = [name for name, value in details.items() if getattr(account, name) != value]
    wanted = fields.differing(account, custom or {})
    if not changed and not wanted:
        return account
    if version not in {None, account.version}:
        raise ChangedMeanwhile(account)
    currency = details.get("currency", account.currency)
    account.custom, told = _altered(account, wanted, currency=currency)
    for name in changed:
        setattr(account, name, details[name])
    check_dates(account)
    changes = {n: [before[n], _shown(account, n)] for n in changed if n != "churned_on"}
    changes |= told
    if changes:
        tell("accounts.changed", account, by=by, at=at, changes=changes, source=source or None)
    if "churned_on" in changed:
        _leave_or_stay(account, was_leaving_on, by=by, at=at)
    regrade(account, by=by, at=at)
    account.version += 1
    with _reference_is_free():
        account.save()
    return account


def _altered(account, wanted, *, currency):
    try:
        return fields.altered(account, wanted, currency=currency)
    except fields.UnknownField as error:
        raise ValueRefused(_("A field was taken out of use. Load this page again.")) from error
    except fields.BadValue as error:
        raise ValueRefused(str(error)) from error


def _leave_or_stay(account, was_on, *, by, at):
    """Treat a last day typed into the form like one said on a call."""
    on = account.churned_on
    if on is not None:
        leave(account, on=on, by=by, at=at)
        return
    account.churned_on = was_on
    come_back(account, by=by, at=at)


def _shown(account, name):
    """Return a field as the history shows it."""
    value = getattr(account, name)
    if name == "mrr":
        return money(value, account.currency)
    if value is None:
        return ""
    return str(value)  # dates as 2026-06-09, put into words where they are shown


@transaction.atomic
def change_owner(account, *, to, by, at, shown=None):
    """Put a customer into somebody's hands.

    Args:
        account: the customer.
        to: the new owner, or None for nobody.
        by: the person.
        at: now.
        shown: the id of the owner that they had in front of them, 0 for nobody; None when that
            is not known.

    Raises:
        ChangedMeanwhile: when somebody put it into yet other hands; it carries the account.
    """
    account = lock(account)
    if account.owner != to:
        if shown not in {None, account.owner_id or 0}:
            raise ChangedMeanwhile(account)
        before, account.owner = account.owner, to
        account.version += 1
        account.save(update_fields=["owner", "version"])
        tell(
            "accounts.owner_changed",
            account,
            by=by,
            at=at,
            before=str(before or ""),
            after=str(to or ""),
        )
    return account
