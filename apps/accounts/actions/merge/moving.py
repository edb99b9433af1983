"""What moves from one record to the other, and back: contacts, identities, members."""

import hashlib

from django.db.models import F, Q
from django.utils.translation import gettext as _

from apps.accounts.actions.identity import claim
from apps.accounts.models import Account, Contact, Identity

# Of a contact: what tells that somebody edited or removed it.
_DETAILS = ["name", "title", "email", "phone", "preferred_channel", "language", "removed_at"]


def _print(contact):
    """Return a short print of a contact's details, which tells whether they were edited."""
    text = "\0".join(str(getattr(contact, name)) for name in _DETAILS)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _primary_of(account):
    """Return the id of the one to call first, or None."""
    found = Contact.objects.filter(account=account, is_primary=True)
    return found.values_list("pk", flat=True).first()


def move(kept, given_up, *, at):
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
        # The first to call there: steps back now when there is one here, or maybe later.
        "stepped_back": other,
    }
    if first and other:
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


def point(given_up, *, to):
    """Let a record, and those merged into it before, belong to the one that stays."""
    Account.objects.filter(merged_into=given_up).update(merged_into=to)
    given_up.merged_into = to


def send_back(row):
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
