"""Taking a customer or a contact away, and bringing them back for thirty days."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.actions.common import MergedAway, Refused, hold, lock_contact, tell
from apps.accounts.actions.stage import ReasonMissing
from apps.accounts.actions.tier import regrade
from apps.accounts.models import Contact


class RestoreTooLate(Refused):
    """The time in which it could be brought back is over."""

    def __init__(self):
        super().__init__(
            _("The time to bring this back here is over. Ask an admin; they can for 30 days.")
        )


@transaction.atomic
def remove_account(account, *, reason, by, at):
    """Take a customer away: it is in no list and no search any more, and nothing can be added.

    Nothing is deleted, and what it is recognised by stays its own. Safe to call twice.

    Args:
        account: the customer.
        reason: why, in a sentence.
        by: the person.
        at: now.

    Raises:
        ReasonMissing: when the reason is blank.
        MergedAway: when the record was merged into another.
    """
    if not reason.strip():
        raise ReasonMissing
    (account,) = hold(account.pk)
    if account.merged_into_id:
        raise MergedAway(account)
    if account.removed_at is None:
        account.removed_at, account.removed_by = at, by
        account.version += 1
        account.save(update_fields=["removed_at", "removed_by", "version"])
        tell("accounts.removed", account, by=by, at=at, reason=reason.strip())
    return account


@transaction.atomic
def restore_account(account, *, by, at, within=rules.RESTORE_FOR):
    """Bring a removed customer back as it was. Safe to call twice.

    Args:
        account: the customer.
        by: the person.
        at: now.
        within: how long after the removal this person may.

    Raises:
        RestoreTooLate: when it was removed longer ago.
    """
    (account,) = hold(account.pk)
    if account.removed_at is not None:
        if at >= account.removed_at + within:
            raise RestoreTooLate
        account.removed_at = account.removed_by = None
        account.version += 1
        # Thresholds that changed meanwhile passed it by.
        regrade(account, by=by, at=at)
        account.save(update_fields=["removed_at", "removed_by", "version", "tier"])
        tell("accounts.restored", account, by=by, at=at)
    return account


@transaction.atomic
def remove_contact(contact, *, by, at):
    """Take a person at a customer away; what they are recognised by stays with the customer.

    Safe to call twice.

    Args:
        contact: the person at the customer.
        by: who takes them away.
        at: now.

    Raises:
        ContactGone: when they are with another customer now.
    """
    account, contact = lock_contact(contact, removed=True)
    if contact.removed_at is None:
        contact.removed_at, contact.removed_by, contact.is_primary = at, by, False
        contact.version += 1
        contact.save(update_fields=["removed_at", "removed_by", "is_primary", "version"])
        tell("accounts.contact_removed", account, by=by, at=at, name=contact.name)
    return contact


@transaction.atomic
def restore_contact(contact, *, by, at, within=rules.RESTORE_FOR):
    """Bring a removed person back; the first to call if nobody else is. Safe to call twice.

    Args:
        contact: the person at the customer.
        by: who brings them back.
        at: now.
        within: how long after the removal they may.

    Raises:
        RestoreTooLate: when they were removed longer ago.
        ContactGone: when they are with another customer now.
    """
    account, contact = lock_contact(contact, removed=True)
    if contact.removed_at is not None:
        if at >= contact.removed_at + within:
            raise RestoreTooLate
        others = Contact.objects.filter(account=account, is_primary=True)
        contact.removed_at = contact.removed_by = None
        contact.is_primary = not others.exists()
        contact.version += 1
        contact.save(update_fields=["removed_at", "removed_by", "is_primary", "version"])
        tell("accounts.contact_restored", account, by=by, at=at, name=contact.name)
    return contact
