"""What matters to a customer, as the customer page says it."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.accounts.story import by_topic
from apps.accounts.templatetags.accounts import word
from apps.core.templatetags.mainstay import day


@dataclass(slots=True)
class Told:
    """One statement, with who said so and when."""

    pk: int
    driver: str
    text: str
    due: str
    source: str
    verdict: str
    settled_on: datetime.date | None
    settled_why: str


@dataclass(slots=True)
class About:
    """What was said on one topic."""

    topic: str
    label: str
    statements: list
    more: int  # older ones that are not shown


def told(rows):
    """Say what we learned about a customer, what keeps them first; an empty list for nothing.

    Args:
        rows: what `accounts.story.INSIGHTS` gave.
    """
    return [
        About(
            topic=topic,
            label=word(topic, "topic"),
            statements=[_told(each) for each in statements],
            more=statements[0].said - len(statements),
        )
        for topic, statements in by_topic(rows).items()
    ]


def _told(statement):
    words = {"source": statement.source, "day": day(statement.said_on, "in")}
    due = _("By %(day)s") % {"day": day(statement.due_on, "in")} if statement.due_on else ""
    return Told(
        pk=statement.pk,
        driver=word(statement.driver, "driver"),
        text=statement.text,
        due=due,
        source=_("as told by %(source)s, %(day)s") % words,
        verdict=statement.verdict,
        settled_on=statement.settled_on,
        settled_why=statement.settled_why,
    )
