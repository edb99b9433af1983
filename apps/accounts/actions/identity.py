"""How we recognise a customer: marks that belong to exactly one."""

from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.actions.common import Refused, hold, lock, tell
from apps.accounts.models import BlockedIdentity, Identity


class IdentityBlocked(Refused):
    """A value that many people share."""

    def __init__(self, reason):
        super().__init__(
            _("This can't tell customers apart (%(reason)s). Choose another one.")
            % {"reason": reason}
        )


class IdentityTaken(Refused):
    """Another customer is recognised by this already."""

    def __init__(self, identity):
        if identity.account.removed_at:
            text = _(
                "A removed customer is recognised by this. Ask an admin to restore it, and "
                "merge the two."
            )
        else:
            text = _("Another customer is recognised by this. Remove it there first.")
        super().__init__(text)
        self.identity = identity


def claim(account, marks, *, at, source, contact=None):
    """Take marks for a locked customer, except those of others and those nobody may have.

    Args:
        account: the customer.
        marks: kinds and values; an empty value is none.
        at: now.
        source: where we know them from.
        contact: the person they belong to, if any.

    Returns:
        The identities as they are now, whoever has them, and the blocked ones; each by kind.
    """
    wanted = [
        Identity(
            account=account,
            contact=contact,
            kind=kind,
            value=value.strip(),
            normalised=rules.normalise(kind, value),
            source=str(source),
            created_at=at,
        )
        for kind, value in marks.items()
        if value
    ]
    if not wanted:
        return [], []
    these = reduce(or_, (Q(kind=each.kind, normalised=each.normalised) for each in wanted))
    blocked = list(BlockedIdentity.objects.filter(these).order_by("kind"))
    shared = {(each.kind, each.normalised) for each in blocked}
    Identity.objects.bulk_create(
        [each for each in wanted if (each.kind, each.normalised) not in shared],
        ignore_conflicts=True,  # what another customer has stays theirs
    )
    found = Identity.objects.select_related("account").filter(these).order_by("kind", "id")
    return list(found), blocked


@transaction.atomic
def add_identity(account, *, kind, value, by, at, source=""):
    """Let a customer be recognised by a value.

    Args:
        account: the customer.
        kind: email, phone, domain or external.
        value: as typed; a phone number in E.164.
        by: the person, or None for Mainstay itself.
        at: now.
        source: where we know it from; a person's own entry when left out.

    Raises:
        IdentityBlocked: when many people share the value.
        IdentityTaken: when it belongs to another customer; it carries the identity.
    """
    account = lock(account)
    ours = Identity.objects.filter(
        account=account, kind=kind, normalised=rules.normalise(kind, value)
    )
    if known := ours.first():
        return known
    found, blocked = claim(account, {kind: value}, at=at, source=source or _("added by hand"))
    if blocked:
        raise IdentityBlocked(blocked[0].reason)
    (identity,) = found
    if identity.account_id != account.pk:
        raise IdentityTaken(identity)
    tell("accounts.identity_added", account, by=by, at=at, mark=str(kind), value=identity.value)
    return identity


@transaction.atomic
def remove_identity(identity, *, by, at):
    """Stop recognising a customer by a value."""
    account = lock(identity.account)
    _let_go(account, identity, by=by, at=at)
    return account


def _let_go(account, identity, *, by, at):
    """Take a mark from a locked customer, unless that was done or it is another's now."""
    gone, _kinds = Identity.objects.filter(pk=identity.pk, account=account).delete()
    if gone:
        tell(
            "accounts.identity_removed",
            account,
            by=by,
            at=at,
            mark=identity.kind,
            value=identity.value,
        )


@transaction.atomic
def block_identity(*, kind, value, reason, by, at):
    """Say that a value identifies nobody, and take it from the customer who has it.

    Args:
        kind: email, phone, domain or external.
        value: as typed; a phone number in E.164.
        reason: why many people share it.
        by: the person.
        at: now.
    """
    normalised = rules.normalise(kind, value)
    blocked, _is_new = BlockedIdentity.objects.update_or_create(
        kind=kind, normalised=normalised, defaults={"reason": reason}
    )
    owners = Identity.objects.filter(kind=kind, normalised=normalised)
    for identity in owners:
        (account,) = hold(identity.account_id)  # removed ones as well
        _let_go(account, identity, by=by, at=at)
    return blocked


@transaction.atomic
def unblock_identity(blocked):
    """Let a value identify somebody again."""
    BlockedIdentity.objects.filter(pk=blocked.pk).delete()
