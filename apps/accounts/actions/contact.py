"""People at a customer, and by which address and number we recognise them."""

from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.actions.common import ChangedMeanwhile, lock, lock_contact, tell
from apps.accounts.actions.identity import claim
from apps.accounts.actions.keys import once
from apps.accounts.models import Account, Contact, Identity, IdentityKind

# Fields of a contact by which a customer is recognised; the kinds have the same names.
MARKS = [IdentityKind.EMAIL, IdentityKind.PHONE]


class SavedContact(NamedTuple):
    """A contact as written, and marks of theirs that stay with other customers."""

    contact: Contact
    elsewhere: list[Identity]


@transaction.atomic
def add_contact(account, *, by, at, key=None, source="", is_primary=False, **details):
    """Add a person at a customer; the first one is the one to call.

    Their address and number are kept even when another customer is recognised by them; the
    answer says whose they are.

    Args:
        account: the customer.
        by: the person who adds them, or None for Mainstay itself.
        at: now.
        key: of the form; sent twice, it adds one contact.
        source: where we know them from, if not from a form.
        is_primary: whether they are the one to call from now on.
        **details: name, title, email, phone (E.164), preferred_channel, language.

    Returns:
        The contact, and identities of other customers.

    Raises:
        FormUsed: when the key was used for another form.
    """
    account = lock(account)
    with once(key, by=by, purpose=f"accounts.contact-new:{account.pk}", at=at) as form:
        if form.result:
            return SavedContact(Contact.objects.get(pk=form.result), [])
        contact = Contact(account=account, created_at=at, **details)
        first = not Contact.objects.live().filter(account=account).exists()
        if is_primary or first:
            _step_back(account)
            contact.is_primary = True
        contact.save(force_insert=True)
        elsewhere = _recognise(contact, account, MARKS, at=at, source=source)
        tell(
            "accounts.contact_added",
            account,
            by=by,
            at=at,
            name=contact.name,
            source=str(source) or None,
        )
        form.result = contact.pk
    return SavedContact(contact, elsewhere)


@transaction.atomic
def edit_contact(contact, *, by, at, version=None, source="", is_primary=False, **details):
    """Correct what we know of a person.

    Args:
        contact: the person.
        by: who corrects it, or None for Mainstay itself.
        at: now.
        version: the one that the form showed, to notice that somebody was faster.
        source: where the correction comes from, if not from a form.
        is_primary: true makes them the one to call; false leaves that as it is.
        **details: any of name, title, email, phone (E.164), preferred_channel, language.

    Returns:
        The contact, and identities of other customers.

    Raises:
        ChangedMeanwhile: when the version is not the newest; it carries the contact.
        ContactGone: when they were removed, or went with a record that was parted from this one.
    """
    account, contact = lock_contact(contact)
    old = {kind: getattr(contact, kind) for kind in MARKS}
    before = {name: _shown(contact, name) for name in [*details, "is_primary"]}
    steps_up = is_primary and not contact.is_primary
    for name, value in details.items():
        setattr(contact, name, value)
    contact.is_primary = contact.is_primary or is_primary
    changes = {n: [b, _shown(contact, n)] for n, b in before.items() if b != _shown(contact, n)}
    if not changes:
        return SavedContact(contact, [])
    if version not in {None, contact.version}:
        raise ChangedMeanwhile(Contact.objects.select_related("account").get(pk=contact.pk))
    if steps_up:
        _step_back(account)
    contact.version += 1
    contact.save()
    marks = [kind for kind in MARKS if kind in changes]
    for kind in marks:
        _forget(account, kind, old[kind])
    elsewhere = _recognise(contact, account, marks, at=at, source=source)
    tell(
        "accounts.contact_changed",
        account,
        by=by,
        at=at,
        name=contact.name,
        changes=changes,
        source=str(source) or None,
    )
    return SavedContact(contact, elsewhere)


def make_primary(contact, *, by, at):
    """Make somebody the first to call at their customer."""
    return edit_contact(contact, by=by, at=at, is_primary=True).contact


def _step_back(account: Account):
    """Leave the place of the first to call free; a constraint allows one."""
    first = Contact.objects.filter(account=account, is_primary=True)
    first.update(is_primary=False, version=F("version") + 1)


def _recognise(contact, account, kinds, *, at, source):
    """Claim a contact's address or number; return those that other customers have."""
    marks = {kind: getattr(contact, kind) for kind in kinds}
    found, _blocked = claim(account, marks, at=at, source=source or _("contact"), contact=contact)
    return [each for each in found if each.account_id != account.pk]


def _forget(account, kind, value):
    """Let go of a mark that a contact no longer has, unless a colleague of theirs has it."""
    normalised = rules.normalise(kind, value)
    mine = Identity.objects.filter(
        account=account, kind=kind, normalised=normalised, contact__isnull=False
    )
    # Spellings that are one mark are compared here: to the database they are two values.
    people = Contact.objects.filter(account=account).order_by("pk").values_list("pk", kind)
    having = (pk for pk, each in people if rules.normalise(kind, each) == normalised)
    heir = next(having, None)
    if heir is not None:
        mine.update(contact=heir)
    else:
        mine.delete()


def _shown(contact, name):
    """Return a field as the history shows it."""
    if name == "is_primary":
        return _("yes") if contact.is_primary else _("no")
    if name == "preferred_channel":
        return str(contact.get_preferred_channel_display())
    return getattr(contact, name)
