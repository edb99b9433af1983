"""What the actions of this room share: how they refuse, lock and tell."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Account, Contact
from apps.core.errors import Gone
from apps.history import actions as history


class Refused(ValueError):
    """Nothing was written; the text tells the person what to do."""


class ChangedMeanwhile(Refused):
    """Somebody else saved this record after the form was opened."""

    def __init__(self, newest):
        super().__init__(_("Somebody else changed this record while you were typing."))
        self.newest = newest


class MergedAway(Refused, Gone):
    """The record was given up in favour of another one."""

    TEXT = gettext_lazy("%(name)s was merged into %(kept)s (%(reference)s). Do it there.")

    def __init__(self, account):
        kept = account.merged_into
        words = {"name": account.name, "kept": kept.name, "reference": kept.reference}
        super().__init__(self.TEXT % words)
        self.url = kept.get_absolute_url()


class Removed(Refused, Gone):
    """The customer was removed."""

    def __init__(self, account):
        super().__init__(
            _("%(name)s was removed. An admin can restore it.") % {"name": account.name}
        )


class ContactGone(Refused, Gone):
    """The contact was removed, or went with a record that was parted from this one."""

    def __init__(self, contact):
        super().__init__(
            _("%(name)s is no contact here any more. Load the customer’s page again.")
            % {"name": contact.name}
        )
        self.url = contact.account.get_absolute_url()


def lock(account):
    """Take the customer's row and return it as it is now.

    Every action here starts with this, so that two at once are one after the other.

    Raises:
        MergedAway: when the record was merged into another.
        Removed: when the customer was removed.
    """
    (account,) = hold(account.pk)
    refuse_gone(account)
    return account


def hold(*pks):
    """Take the rows of several customers in the order of their ids, gone or not.

    Returns:
        The accounts as they are now, in the order of the arguments.
    """
    # Owner and team are read when they are asked for: joined to a row that changes while this
    # one waits, they would be those of before, and seem to be nobody.
    rows = Account.objects.select_for_update(of=("self",)).filter(pk__in=pks)
    rows = rows.select_related("timeline").order_by("pk")
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in pks]


def refuse_gone(account):
    """Refuse to go on with a customer that is not there any more."""
    if account.merged_into_id:
        raise MergedAway(account)
    if account.removed_at:
        raise Removed(account)


def lock_contact(contact, *, removed=False):
    """Take the customer's row and return it with the contact, both as they are now.

    Args:
        contact: the person at the customer.
        removed: whether one that was removed will do.

    Raises:
        ContactGone: when the contact was removed or is with another customer now.
        MergedAway: when the customer's record was merged into another.
        Removed: when the customer was removed.
    """
    account = lock(contact.account)
    contact = Contact.objects.select_related("account").get(pk=contact.pk)
    if (contact.removed_at and not removed) or contact.account_id != account.pk:
        raise ContactGone(contact)
    return account, contact


def tell(kind, account, *, by, at, happened_at=None, **payload):
    """Write an event about a customer; payload fields that are None are left out."""
    return history.record(
        kind,
        timeline=account.timeline,
        by=by,
        at=at,
        happened_at=happened_at,
        subject=account,
        **{name: value for name, value in payload.items() if value is not None},
    )
