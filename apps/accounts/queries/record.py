"""The record, its people, and who may own it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.accounts.models import Account, IdentityKind
from apps.accounts.templatetags.accounts import phone, word
from apps.core.sql import planned
from apps.core.templatetags.mainstay import day, svg
from apps.users.models import User
from apps.workspace.models import FormKey


@dataclass(slots=True)
class Statement:
    """The last word of a contact on one channel."""

    icon: str
    said: str
    told: str  # by whom, and when


@dataclass(slots=True)
class Person:
    """A contact as the customer page says them."""

    pk: int
    name: str
    title: str
    phone: str
    email: str
    prefers: str
    is_primary: bool
    statements: list[Statement]


@dataclass(slots=True)
class Mark:
    """Something by which a customer is recognised."""

    pk: int
    icon: str
    kind: str
    value: str


MARK_ICONS = {
    IdentityKind.EMAIL: "mail",
    IdentityKind.PHONE: "phone",
    IdentityKind.DOMAIN: "link",
}


# Two columns for a statement about an `%(account)s`: the page is opened during a call, and
# building three querysets costs ten times as much as the database does for all of this.
PEOPLE = """
        (SELECT coalesce(json_agg(person ORDER BY is_primary DESC, name, pk), '[]') FROM (
            SELECT id AS pk, name, title, phone, email, preferred_channel, is_primary, (
                SELECT coalesce(json_agg(said ORDER BY channel), '[]') FROM (
                    SELECT DISTINCT ON (channel) channel, is_given, source, said_at
                    FROM accounts_contactpermission
                    WHERE contact_id = accounts_contact.id
                    ORDER BY channel, said_at DESC, id DESC
                ) AS said
            ) AS statements
            FROM accounts_contact WHERE account_id = %(account)s AND removed_at IS NULL
        ) AS person),
        (SELECT coalesce(json_agg(mark ORDER BY kind, normalised), '[]') FROM (
            SELECT id AS pk, kind, value, normalised
            FROM accounts_identity WHERE account_id = %(account)s
        ) AS mark)
"""


_PEOPLE = f"SELECT {PEOPLE}"


def people_of(account):
    """Read a customer's people and marks, as `people_from` returns them."""
    with planned() as cursor:
        cursor.execute(_PEOPLE, {"account": account.pk})
        return people_from(*cursor.fetchone())


def people_from(people, marks):
    """Return a customer's people, the first to call first, and by what they are recognised.

    Args:
        people: the first column of `PEOPLE`.
        marks: the second one.

    Returns:
        A list of `Person`, each with the newest statement for every channel they spoke of,
        and a list of `Mark`.
    """
    return [_person(**each) for each in people], [
        _mark(each["pk"], each["kind"], each["value"]) for each in marks
    ]


def _person(statements, preferred_channel, **columns):
    prefers = _("Prefers: %(channel)s") % {"channel": word(preferred_channel, "channel")}
    said = [_statement(**each) for each in statements]
    return Person(prefers=prefers, statements=said, **columns)


def _statement(channel, is_given, source, said_at):
    said = _("%(channel)s, yes") if is_given else _("%(channel)s, no")
    return Statement(
        icon=svg("check", "tone good") if is_given else svg("x", "tone bad"),
        said=said % {"channel": word(channel, "channel")},
        told=f"{source}, {day(datetime.fromisoformat(said_at))}",
    )


def _mark(pk, kind, value):
    return Mark(
        pk=pk,
        icon=svg(MARK_ICONS.get(kind, "card-id"), "muted"),
        kind=word(kind, "mark"),
        value=phone(value) if kind == IdentityKind.PHONE else value,
    )


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
        Whether there is one, and the customer if this person may see it; of a record that was
        merged, the one that was kept.
    """
    others = Account.objects.filter(reference=reference).exclude(pk=but)
    twin = others.values_list(Coalesce("merged_into", "pk"), flat=True).first()
    return twin is not None, Account.objects.visible_to(user).filter(pk=twin).first()


def made_with(key, *, by, purpose):
    """Return the id of what a form made when it was sent before, or None."""
    keys = FormKey.objects.filter(key=key, user=by, purpose=purpose)
    return keys.exclude(result="").values_list("result", flat=True).first()


def names_for(accounts, *, user):
    """Name customers, as far as this person may see them; None where they may not."""
    seen = Account.objects.visible_to(user).filter(pk__in=[each.pk for each in accounts])
    names = dict(seen.values_list("pk", "name"))
    return [names.get(each.pk) for each in accounts]
