"""Reading what we learned about a customer."""

import datetime
from dataclasses import dataclass

from apps.accounts import family
from apps.accounts.models import Insight, Topic, Verdict

# Expectations add up; so many of them stand on the customer page, those that were met last.
EXPECTATIONS = 5
SHOWN = 200
# The newest statements, for `by_topic`; part of a statement that has the parameter `account`.
INSIGHTS = f"""
    SELECT pk, topic, driver, text, source, said_on, due_on, verdict, settled_on, settled_why, said
    FROM (
        SELECT id AS pk, topic, driver, text, source, said_on, due_on, verdict, settled_on,
            settled_why, count(*) OVER topic AS said, row_number() OVER (
                PARTITION BY topic ORDER BY verdict = '{Verdict.MET}', said_on DESC, id DESC
            ) AS place
        FROM accounts_insight WHERE account_id IN ({family.RECORDS})
        WINDOW topic AS (PARTITION BY topic)
    ) AS statement
    WHERE place <= CASE topic WHEN '{Topic.EXPECTATION}' THEN {EXPECTATIONS} ELSE 1 END
    ORDER BY place
"""  # noqa: S608  ours


@dataclass(slots=True)
class Statement:
    """The newest statement on a topic, or one expectation."""

    pk: int
    topic: str
    driver: str
    text: str
    source: str
    said_on: datetime.date
    due_on: datetime.date | None
    verdict: str  # of an expectation, once it is settled
    settled_on: datetime.date | None
    settled_why: str
    said: int  # statements there are on the topic


def by_topic(rows):
    """Group what `INSIGHTS` gave as JSON.

    Returns:
        A dict: topic to a list of `Statement`, newest first; topics in the order of `Topic`, and
        only those on which something was said.
    """
    found = {}
    for row in rows:
        found.setdefault(row["topic"], []).append(_statement(**row))
    return {topic: found[topic] for topic in Topic.values if topic in found}


def _statement(**columns):
    for name in ("said_on", "due_on", "settled_on"):
        columns[name] = columns[name] and datetime.date.fromisoformat(columns[name])
    return Statement(**columns)


def statements_of(account):
    """Return everything that was ever said about a customer, newest first."""
    rows = Insight.objects.filter(account__in=family.of(account).pks).select_related("recorded_by")
    return rows.order_by("-said_on", "-id")[:SHOWN]
