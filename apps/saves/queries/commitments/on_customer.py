"""How we keep our word with one customer."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.accounts import family
from apps.history.models import Event
from apps.saves import rules
from apps.saves.queries.commitments.lines import IS_OPEN, LINE, TO_MEND, line_of

SHOWN = 6  # on the customer page

# Of a customer, with what the reader settled a moment ago and can take back. Parts of a
# statement that has the parameters `account` and those of `parameters()`.
LINES = f"""
    {LINE.format(source="saves_commitment", more="")}
    WHERE said.account_id IN ({family.RECORDS}) AND (
        {IS_OPEN} OR {TO_MEND}
        OR said.settled_by_id = %(reader)s AND said.settled_at > %(undo)s
        OR said.made_good_by_id = %(reader)s AND said.made_good_at > %(undo)s
    )
    ORDER BY due_on, pk LIMIT {SHOWN}
"""
COUNTS = f"""
    SELECT state, count(*) AS count FROM saves_commitment
    WHERE account_id IN ({family.RECORDS}) GROUP BY state
"""  # noqa: S608  ours


@dataclass(frozen=True)
class Standing:
    """How we keep our word with one customer."""

    lines: list
    total: int
    words: str  # 3 kept, 1 broken
    more: int  # open ones that are not among the lines

    @property
    def is_empty(self):
        """Whether nobody ever said anything."""
        return not self.total


def standing(counts, lines, *, at, user):
    """Say how we keep our word with a customer.

    Args:
        counts: the rows of `COUNTS`, as dictionaries.
        lines: those of `LINES`.
        at: now.
        user: who reads, or None.
    """
    count = {row["state"]: row["count"] for row in counts}
    said = {
        "kept": _("%(count)s kept"),
        "broken": _("%(count)s broken"),
        "waived": _("%(count)s waived"),
    }
    shown = [line_of(**row, at=at, user=user) for row in lines]
    return Standing(
        lines=shown,
        total=sum(count.values()),
        words=", ".join(
            words % {"count": count[state]} for state, words in said.items() if count.get(state)
        ),
        more=count.get("open", 0) - sum(line.state == "open" for line in shown),
    )


def is_over(commitment, at):
    """Say whether the day of a commitment has ended where its owner is."""
    return rules.is_over(commitment.due_on, commitment.owner.time_zone, at)


def story_of(commitment):
    """Return what happened to one commitment, oldest first."""
    events = Event.objects.on(commitment.account.timeline_id).for_list()
    about = events.filter(subject_label="saves.commitment", subject_id=commitment.pk)
    return about.order_by("id")
