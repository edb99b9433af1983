"""Calls that are not logged yet."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.accounts import family
from apps.core.sql import planned
from apps.saves.models import Draft
from apps.saves.models.draft import first

# A call that nobody typed into for so long is over: its clock stands.
SILENCE = timedelta(minutes=15)

_COLUMNS = ("pk", "account_id", "key", "opening", "answers", "asides")
_COLUMNS += ("version", "opened_at", "kept_at", "dropped_at")


@dataclass(frozen=True)
class Other:
    """A colleague who has begun a call with the same customer."""

    name: str
    opened_at: datetime


@dataclass(frozen=True)
class Around:
    """What is begun with a customer: an agent's own draft, and those of others."""

    mine: Draft | None
    others: list[Other]
    dropped: int | None  # the last draft that this agent dropped
    merged: list[int]  # ids of the records that were merged into the customer


@dataclass(frozen=True)
class Clock:
    """What the timer of the page shows first."""

    seconds: int
    stands: bool


def around(account, *, agent):
    """Read what is begun with a customer."""
    with planned() as cursor:
        cursor.execute(_AROUND, {"account": account.pk, "agent": agent.pk})
        rows = cursor.fetchall()
    merged = [pk for pk in rows[0][0] if pk != account.pk]
    rows = [row for _records, *row in rows if row[1] is not None]
    mine = [row for name, *row in rows if name is None]
    drafts = [_draft(row, agent) for row in mine if row[-1] is None]
    return Around(
        mine=drafts[0] if drafts else None,
        others=[Other(name, row[-3]) for name, *row in rows if name is not None],
        dropped=max((row[0] for row in mine if row[-1]), default=None),
        merged=merged,
    )


def _draft(row, agent):
    columns = dict(zip(_COLUMNS, row, strict=True))
    for name in ("answers", "asides"):
        columns[name] = json.loads(columns[name])
    return Draft(agent=agent, **columns)


# By hand, since every opening of the page asks it.
_AROUND = f"""
WITH family AS (SELECT ARRAY({family.RECORDS}) AS records)
SELECT records,
    CASE WHEN agent_id <> %(agent)s THEN coalesce(nullif(agent.name, ''), agent.email) END,
    draft.id, draft.account_id, key, opening,
    CASE WHEN agent_id = %(agent)s THEN answers::text END,
    CASE WHEN agent_id = %(agent)s THEN asides::text END,
    version, opened_at, kept_at, dropped_at
FROM family
LEFT JOIN (saves_draft AS draft JOIN users_user AS agent ON agent.id = agent_id)
    ON account_id = ANY((SELECT records FROM family)::bigint[]) AND case_id IS NULL
    AND (agent_id = %(agent)s OR (dropped_at IS NULL AND agent.is_active))
ORDER BY kept_at DESC, draft.id DESC
"""  # noqa: S608  ours


def clock(answers, opening, *, kept_at, at):
    """Say what the timer goes on from: the call time that was kept, or else from the opening.

    Args:
        answers: as they were posted.
        opening: how the call began.
        kept_at: when they were kept.
        at: now.
    """
    typed = first(answers, "length").strip()
    if not re.fullmatch(r"\d{1,3}(:[0-5]\d){1,2}", typed):
        passed = kept_at - opening.at
    else:
        parts = [int(part) for part in reversed(typed.split(":"))]
        passed = timedelta(**dict(zip(("seconds", "minutes", "hours"), parts, strict=False)))
    stands = bool(first(answers, "paused")) or at - kept_at > SILENCE
    seconds = (passed if stands else passed + (at - kept_at)).total_seconds()
    return Clock(max(0, int(seconds)), stands)
