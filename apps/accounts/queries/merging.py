"""What a merge would move, and what parting two records again left as it was."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.accounts.models import Contact, Identity
from apps.accounts.templatetags.accounts import label
from apps.workspace.queries import count_views_with


@dataclass(frozen=True)
class Moves:
    """What comes over from the record that is given up."""

    people: int
    marks: int
    stays_first: str  # who stays the first to call, when both records have one
    steps_back: str
    doubles: list[str]  # people who are in both records
    views: int  # picked by hand, and holding only the one that is given up


def what_moves(kept, other):
    """Read what a merge of two records would move."""
    ours, theirs = [], []
    for person in Contact.objects.live().filter(account__in=[kept, other]).order_by("name", "pk"):
        (ours if person.account_id == kept.pk else theirs).append(person)
    first, second = (
        next((each.name for each in people if each.is_primary), "") for people in (ours, theirs)
    )
    known = {mark for each in ours for mark in _marks(each)}
    return Moves(
        people=len(theirs),
        marks=Identity.objects.filter(account=other).count(),
        stays_first=first if second else "",
        steps_back=second if first else "",
        doubles=[each.name for each in theirs if _marks(each) & known],
        views=count_views_with(other.pk, but_not=kept.pk, page="customers"),
    )


def _marks(person):
    return {person.email.lower(), person.phone} - {""}


def spared_in_words(spared):
    """Say what parting two records left as it was, a sentence for each kind."""
    said = {
        "fields": _("Edited since, so they stay: %(names)s."),
        "contacts": _("Went back as they were changed since: %(names)s."),
        "marks": _("Stay, since a contact here has them now: %(names)s."),
    }
    named = {**spared, "fields": [str(label(each)) for each in spared.get("fields", ())]}
    return [
        text % {"names": ", ".join(named[kind])} for kind, text in said.items() if kind in spared
    ]
