"""Rows on their way into the database: numbered here, written by COPY."""

from django.core.management.color import no_style
from django.db import connection
from psycopg.sql import SQL, Identifier

from apps.accounts.models import Account, Contact, ContactPermission, Identity, Insight
from apps.history.models import Event, Pin, Timeline
from apps.saves.models import Commitment, SaveCase, Watch, WinBack

# In the order in which they are written: nothing points at a row that comes later.
MODELS = {
    "timeline": Timeline,
    "account": Account,
    "contact": Contact,
    "identity": Identity,
    "permission": ContactPermission,
    "insight": Insight,
    "case": SaveCase,
    "also": SaveCase.also.through,
    "watch": Watch,
    "commitment": Commitment,
    "win_back": WinBack,
    "event": Event,
    "pin": Pin,
}

COLUMNS = {
    "timeline": "id last_touch_at",
    "account": (
        "id timeline_id name reference about started_on renews_on churned_on stage stage_since"
        " tier is_tier_set_by_hand mrr currency plan industry time_zone owner_id team_id version"
        " created_at custom"
    ),
    "contact": (
        "id account_id name title email phone preferred_channel language is_primary created_at"
    ),
    "identity": "id account_id contact_id kind value normalised source created_at",
    "permission": "id contact_id channel is_given source said_at recorded_by_id",
    "insight": ("id account_id topic driver text source said_on due_on recorded_at recorded_by_id"),
    "case": (
        "id key account_id continues_id agent_id contact_id channel opened_at closed_at seconds"
        " asked_to_cancel_at reason_id reason_text solvable verbatim competitor_id mood outcome"
        " stay_because leaves_on back_if export_help call_back_at waits_for"
        " mrr currency tier stage"
    ),
    "also": "id savecase_id reason_id",
    "watch": "id case_id account_id rung saved_on day why next_on is_last heard_on changed_at",
    "commitment": (
        "id account_id case_id text owner_id due_on is_visible state evidence made_by_id made_at"
        " settled_at settled_by_id made_good_at made_good_by_id version"
    ),
    "win_back": (
        "id account_id case_id not_before blocker what_changed still_uncertain path_to_value"
        " next_on version changed_at changed_by_id closed_at ended"
    ),
    "event": (
        "id timeline_id kind happened_at recorded_at actor_id channel payload subject_label"
        " subject_id key"
    ),
    "pin": "id event_id timeline_id pinned_by_id pinned_at",
}


class Book:
    """Collects rows and gives out their ids.

    Args:
        first: the first free id of each table; 1 where it says nothing.
    """

    def __init__(self, first=None):
        self.rows = {name: [] for name in MODELS}
        self.next = dict.fromkeys(MODELS, 1) | (first or {})

    def reserve(self, table):
        """Take the next id of a table for a row that is put down later."""
        number = self.next[table]
        self.next[table] = number + 1
        return number

    def put(self, table, *row):
        """Put down a whole row, its id first."""
        self.rows[table].append(row)

    def add(self, table, *values):
        """Put down a row without its id; returns the id it got."""
        number = self.reserve(table)
        self.rows[table].append((number, *values))
        return number

    def empty(self):
        """Hand over all rows and start with none; the ids go on.

        Returns:
            A dict of rows by table, in the order of writing.
        """
        rows, self.rows = self.rows, {name: [] for name in MODELS}
        return rows


def first_ids():
    """Return the first free id of every table."""
    first = {}
    for name, model in MODELS.items():
        newest = model.objects.order_by("-pk").values_list("pk", flat=True).first()
        first[name] = (newest or 0) + 1
    return first


def copy(rows):
    """Write rows into their tables.

    Args:
        rows: tuples by table, as `Book.empty()` hands them over.
    """
    with connection.cursor() as cursor:
        for name, lines in rows.items():
            command = SQL("COPY {} ({}) FROM STDIN").format(
                Identifier(MODELS[name]._meta.db_table),
                SQL(", ").join(map(Identifier, COLUMNS[name].split())),
            )
            with cursor.copy(command) as stream:
                stream.write("".join(map(_line, lines)))


def _line(row):
    """Write a row in COPY's own text, several times faster than a driver that knows no types."""
    return "\t".join(map(_value, row)) + "\n"


def _value(value):
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n")
    return str(value)


def lock():
    """Keep everybody else from writing until the transaction ends, since ids are given here."""
    tables = SQL(", ").join(Identifier(model._meta.db_table) for model in MODELS.values())
    with connection.cursor() as cursor:
        # A hundred thousand customers take longer than a page may.
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '1min'")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute(SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(tables))
        # Checked with each COPY; kept for the end, millions of checks would pile up.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def finish():
    """Let the sequences go on after the last id, and tell the planner what is there now."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(MODELS.values())):
            cursor.execute(statement)
        for model in MODELS.values():
            cursor.execute(SQL("ANALYZE {}").format(Identifier(model._meta.db_table)))
