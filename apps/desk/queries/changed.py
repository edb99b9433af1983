"""What has changed on a customer's record lately: each field once, from first to last."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.accounts.templatetags.accounts import label, word, written
from apps.core.templatetags.mainstay import day

LATELY = datetime.timedelta(days=30)
# In the first hours a record is being set up; that is no change.
SET_UP = datetime.timedelta(days=1)
KINDS = [
    "accounts.changed",
    "accounts.merged",
    "accounts.unmerged",
    "accounts.owner_changed",
    "accounts.stage_changed",
    "accounts.tier_changed",
    "accounts.churned",
    "accounts.returned",
    "accounts.contact_added",
    "accounts.contact_changed",
    "accounts.contact_removed",
    "accounts.contact_restored",
]
# How a field's codes are put into words.
CODES = {"stage": "stage", "tier": "tier"}


@dataclass(slots=True)
class Change:
    """One field, as it was and as it is."""

    label: str
    before: str
    after: str
    when: str


def since(account, at):
    """Return from when on changes are shown."""
    return max(at - LATELY, account.created_at + SET_UP)


def collapse(events):
    """Say what is different from before the first of some events.

    Args:
        events: entries of the kinds above, oldest first.

    Returns:
        A list of `Change`, the field that changed last first; none for what is as it was.
    """
    fields, people = {}, {}
    for event in events:
        for name, (before, after) in _fields(event):
            first = fields.pop(name, (before,))[0]
            fields[name] = (first, after, event.happened_at)
        if event.kind.startswith("accounts.contact_"):
            name, verb = event.payload["name"], event.kind.removeprefix("accounts.contact_")
            first = people.pop(name, (verb,))[0]
            people[name] = (first, verb, event.happened_at)
    found = [_field(name, *pair) for name, pair in fields.items() if pair[0] != pair[1]]
    found += [_person(name, *verbs) for name, verbs in people.items() if _is_news(*verbs)]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [change for _at, change in found]


def _fields(event):
    """Yield what one event says: the name of a field, and its value before and after."""
    payload = event.payload
    match event.kind:
        case "accounts.changed" | "accounts.merged" | "accounts.unmerged":
            yield from payload.get("changes", {}).items()
        case "accounts.churned":
            yield "churned_on", ("", payload["on"])
        case "accounts.returned":
            yield "churned_on", (payload["was_on"], "")
        case "accounts.owner_changed" | "accounts.stage_changed" | "accounts.tier_changed":
            name = event.kind.removeprefix("accounts.").removesuffix("_changed")
            yield name, (payload["before"], payload["after"])


def _field(name, before, after, at):
    before, after = (_words(name, value) for value in (before, after))
    return at, Change(str(label(name)), before, after, day(at))


def _words(name, value):
    if not value:
        return _("nobody") if name == "owner" else _("nothing")
    return str(word(value, CODES[name]) if name in CODES else written(value, name))


def _is_news(first, last, at):
    """Whether somebody is not as they were: who was added and removed again is not."""
    return (first, last) not in {("added", "removed"), ("removed", "restored")}


def _person(name, first, last, at):
    is_new = first == "added" and last != "removed"
    words = {"removed": _("removed"), "restored": _("brought back")}
    said = _("added") if is_new else words.get(last, _("changed"))
    return at, Change(name, "", said, day(at))
