"""Records that are shown as one: the one that was kept, and those that were merged into it.

`Account.merged_into` always names the record that is there, however many were merged one into
the other, so that a family is found by one look into an index.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import UNMERGE_FOR, Account
from apps.core.errors import Gone
from apps.core.sql import planned

# Ids of a customer's records: part of a statement that has the parameter `account`.
RECORDS = """
    SELECT %(account)s::bigint
    UNION ALL SELECT id FROM accounts_account WHERE merged_into_id = %(account)s
"""
# The same for their timelines.
TIMELINES = """
    SELECT timeline_id FROM accounts_account WHERE id = %(account)s
    UNION ALL SELECT timeline_id FROM accounts_account WHERE merged_into_id = %(account)s
"""
# Planning takes longer than answering where a statement asks for a family again and again.
_ONCE = f"""
    WITH family AS MATERIALIZED (
        SELECT ARRAY({RECORDS}) AS records, ARRAY({TIMELINES}) AS timelines
    )
"""
# The parts of the row that the statement around it calls `account`, as one value.
PARTS = """(
    SELECT json_agg(json_build_array(
        part.id, part.timeline_id, part.name, part.reference, merge.id, merge.kept_id,
        merge.merged_at) ORDER BY merge.id)
    FROM accounts_account AS part
    JOIN accounts_merge AS merge ON merge.given_up_id = part.id AND merge.undone_at IS NULL
    WHERE part.merged_into_id = account.id
)"""


def once(sql):
    """Let a statement find the ids of a customer's records and timelines once, for all its parts.

    Args:
        sql: a statement whose parts say `IN ({RECORDS})` and `IN ({TIMELINES})`.
    """
    for name, ids in (("records", RECORDS), ("timelines", TIMELINES)):
        sql = sql.replace(f"IN ({ids})", f"= ANY((SELECT {name} FROM family)::bigint[])")  # noqa: S608
    return _ONCE + sql


def in_sight(record, *columns):
    """Join what names a record to the customer it is part of, if the reader may see them.

    Returns:
        A JOIN, for a statement that has the parameter `hidden`, ids of teams; what it joins is
        called `customer`. Each row costs a look or two: OFFSET keeps the planner from reading
        all customers.

    Args:
        record: the column that holds the record's id.
        *columns: of the customer, besides id and name.
    """
    of_kept = ", ".join(
        f"CASE WHEN kept.id IS NULL THEN own.{name} ELSE kept.{name} END AS {name}"
        for name in ("id", "name", *columns)
    )
    return f"""
        JOIN LATERAL (
            SELECT {of_kept}
            FROM accounts_account AS own
            LEFT JOIN accounts_account AS kept ON kept.id = own.merged_into_id
            WHERE own.id = {record} AND own.removed_at IS NULL AND kept.removed_at IS NULL
                AND (
                    CASE WHEN kept.id IS NULL THEN own.team_id ELSE kept.team_id END
                    = ANY(%(hidden)s::bigint[])
                ) IS NOT TRUE
            OFFSET 0
        ) AS customer ON true
    """  # noqa: S608  ours


def out_of_sight(user):
    """Return a SELECT of the ids of records that somebody does not see, for `NOT IN`.

    They are few, where looking at the customer of each of a thousand rows would take long.
    A statement in which it stands has the parameter `hidden`, ids of teams.

    Args:
        user: who reads.
    """
    return _OF_HIDDEN_TEAMS if user.hidden_teams else REMOVED


# Ids of removed records, and of those that were merged into one that was removed since.
REMOVED = """
    SELECT id FROM accounts_account WHERE removed_at IS NOT NULL
    UNION ALL
    SELECT part.id FROM accounts_account AS part
    JOIN accounts_account AS kept ON kept.id = part.merged_into_id AND kept.removed_at IS NOT NULL
"""
_OF_HIDDEN_TEAMS = f"""{REMOVED}
    UNION ALL
    SELECT id FROM accounts_account
    WHERE merged_into_id IS NULL AND team_id = ANY(%(hidden)s::bigint[])
    UNION ALL
    SELECT part.id FROM accounts_account AS part
    JOIN accounts_account AS kept ON kept.id = part.merged_into_id
        AND kept.team_id = ANY(%(hidden)s::bigint[])
"""  # noqa: S608  ours


@dataclass(slots=True)
class Part:
    """A record that was merged into another one."""

    pk: int
    timeline: int
    name: str
    reference: str
    merge: int
    kept: int
    merged_at: datetime

    @property
    def parts_until(self):
        """Until when the two can be parted again."""
        return self.merged_at + UNMERGE_FOR


@dataclass(slots=True)
class Family:
    """A customer's records: its own, and those merged into it."""

    account: int
    timeline: int
    parts: list[Part] = field(default_factory=list)

    @property
    def timelines(self):
        """Ids of the timelines that are shown as one."""
        return [self.timeline, *(part.timeline for part in self.parts)]

    @property
    def pks(self):
        """Ids of the records."""
        return [self.account, *(part.pk for part in self.parts)]

    def to_part(self, at):
        """The records merged into this very one that can still be parted from it."""
        own = (part for part in self.parts if part.kept == self.account)
        return [part for part in own if at < part.parts_until]


def of(account):
    """Read the family of a customer who is there."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {PARTS} FROM accounts_account AS account WHERE id = %s",  # noqa: S608  ours
            [account.pk],
        )
        return read(account, cursor.fetchone()[0])


def read(account, parts):
    """Make a family of what `PARTS` gave for a customer."""
    return Family(account.pk, account.timeline_id, [_part(*each) for each in parts or ()])


def _part(*columns):
    *columns, merged_at = columns
    return Part(*columns, datetime.fromisoformat(merged_at))


def find(pk, *, user, rows=None):
    """Fetch a customer that a person may see; of one that is gone, say where it is.

    Args:
        pk: of the customer.
        user: who asks.
        rows: a queryset with the joins that are needed.

    Raises:
        Gone: it was merged into another one, or removed and this person may restore it.
        Http404: there is none, or none for this person.
    """
    account = _find(pk, user) if rows is None else rows.visible_to(user).filter(pk=pk).first()
    if account is None:
        raise _elsewhere(pk, user)
    return account


# As `visible_to` has it: every page of a customer begins with this, and putting the queryset
# together takes longer than all the rest.
_FIELDS = [field.attname for field in Account._meta.concrete_fields]
_THERE = f"""
    SELECT {", ".join(field.column for field in Account._meta.concrete_fields)}
    FROM accounts_account
    WHERE id = %(account)s AND merged_into_id IS NULL AND removed_at IS NULL
        AND (team_id = ANY(%(hidden)s::bigint[])) IS NOT TRUE
"""  # noqa: S608  ours
_CUSTOM = _FIELDS.index("custom")


def _find(pk, user):
    with planned() as cursor:
        cursor.execute(_THERE, {"account": pk, "hidden": list(user.hidden_teams)})
        row = cursor.fetchone()
    if row is None:
        return None
    columns = list(row)
    columns[_CUSTOM] = json.loads(columns[_CUSTOM])
    return Account.from_db(connection.alias, _FIELDS, columns)


def root(pk):
    """Return the id of the record that a customer's record is shown as, its own if it is there."""
    merged = Account.objects.filter(pk=pk, merged_into__isnull=False)
    return merged.values_list("merged_into", flat=True).first() or pk


def _elsewhere(pk, user):
    account = Account.objects.filter(pk=root(pk)).in_sight_of(user).first()
    if account is None:
        return Http404()
    if account.removed_at:
        if not may_restore(account, user):
            return Http404()
        gone = Gone(_("%(name)s was removed. You can restore it.") % {"name": account.name})
        gone.url = reverse("accounts:removed", args=[account.pk])
        return gone
    words = {"name": account.name, "reference": account.reference}
    gone = Gone(_("This customer was merged into %(name)s (%(reference)s). Do it there.") % words)
    gone.url = account.get_absolute_url()
    return gone


def may_restore(removed, user):
    """Say whether somebody sees what was removed: admins, and who did it."""
    return user.has_perm("accounts.restore") or removed.removed_by_id == user.pk
