"""The fields of two records: what each says, and what one takes from the other."""

import datetime
from decimal import Decimal

from apps.accounts import custom
from apps.accounts.actions.churn import check_dates
from apps.accounts.actions.merge.refusals import CurrenciesDiffer
from apps.accounts.actions.tier import regrade
from apps.accounts.models import Account, FieldKind
from apps.core.templatetags.mainstay import money

# What can be taken from the record that is given up, and the columns that make it up.
FIELDS = {
    **{name: [name] for name in ("name", "about", "started_on", "renews_on", "churned_on")},
    "stage": ["stage", "stage_since"],
    "tier": ["tier", "is_tier_set_by_hand"],
    **{name: [name] for name in ("mrr", "plan", "industry", "time_zone")},
    "owner": ["owner_id"],
    "team": ["team_id"],
}
DATES = ["started_on", "churned_on"]


def stored_in(account, field):
    """Return a field's columns as JSON can hold them."""
    if field.startswith(custom.PREFIX):
        return [account.custom.get(field.removeprefix(custom.PREFIX))]
    return [_plain(getattr(account, column)) for column in FIELDS[field]]


def _plain(value):
    if isinstance(value, datetime.date):  # a moment as well
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def put(account, field, stored):
    """Set a field's columns from what `stored_in()` gave."""
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


def take_over(kept, given_up, fields, *, by, at):
    """Let the kept record take fields; return what was taken, and how the history tells it."""
    if kept.currency != given_up.currency and _amounts() & set(fields):
        raise CurrenciesDiffer(kept, given_up)
    watched = dict.fromkeys([*fields, "tier"])  # the tier may follow the MRR
    before = {name: (stored_in(kept, name), shown_in(kept, name)) for name in watched}
    for name in fields:
        put(kept, name, stored_in(given_up, name))
    check_dates(kept)
    if {"mrr", "tier"} & set(fields):
        regrade(kept, by=by, at=at)
    taken, changes = {}, {}
    for name, (stored, shown) in before.items():
        if stored != (after := stored_in(kept, name)):
            taken[name] = [stored, after]
            changes[told(name)] = [shown, shown_in(kept, name)]
    return taken, changes


def _amounts():
    """Fields that hold money."""
    money_fields = [f.name for f in custom.read_definitions() if f.kind == FieldKind.MONEY]
    return {"mrr", *money_fields}


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


def shown_in(account, field):
    """Return a field as the history shows it."""
    if field.startswith(custom.PREFIX):
        (value,), found = stored_in(account, field), _definition(field)
        return found.told_as(value, account.currency) if found else str(value or "")
    if field == "mrr":
        return money(account.mrr, account.currency)
    value = getattr(account, field)
    return "" if value is None else str(value)
