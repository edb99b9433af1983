"""Reading the record for pages."""

from django.db.models import Prefetch, Q

from apps.accounts.models import Account, Contact, ContactPermission, Identity
from apps.users.models import User
from apps.workspace.models import FormKey


def contacts_of(account):
    """Return a customer's people, the first to call first.

    Each has `permission_list`: the newest statement for every channel they spoke of.
    """
    newest = ContactPermission.objects.order_by("contact", "channel", "-said_at", "-id")
    permissions = Prefetch(
        "permissions", newest.distinct("contact", "channel"), to_attr="permission_list"
    )
    people = Contact.objects.filter(account=account).prefetch_related(permissions)
    return list(people.order_by("-is_primary", "name", "id"))


def identities_of(account):
    """Return by what a customer is recognised."""
    return list(Identity.objects.filter(account=account).order_by("kind", "normalised"))


def possible_owners(team=None):
    """Return the people who can own a customer: active, and in sight of a private team."""
    people = User.objects.filter(is_active=True).order_by("name", "id")
    if team is None or not team.is_private:
        return people
    return people.filter(Q(team=team) | Q(pk=team.lead_id) | Q(pk=team.manager_id))


def twin_of(reference, *, but, user):
    """Find the other customer who has a reference.

    Args:
        reference: as typed.
        but: primary key of the customer on the form, or None for a new one.
        user: who asks.

    Returns:
        Whether there is one, and the customer if this person may see it.
    """
    others = Account.objects.filter(reference=reference).exclude(pk=but)
    return others.exists(), others.visible_to(user).first()


def made_with(key, *, by, purpose):
    """Return the id of what a form made when it was sent before, or None."""
    keys = FormKey.objects.filter(key=key, user=by, purpose=purpose)
    return keys.exclude(result="").values_list("result", flat=True).first()


def names_for(accounts, *, user):
    """Name customers, as far as this person may see them; None where they may not."""
    seen = Account.objects.visible_to(user).filter(pk__in=[each.pk for each in accounts])
    names = dict(seen.values_list("pk", "name"))
    return [names.get(each.pk) for each in accounts]
