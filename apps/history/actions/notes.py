"""What people write on a timeline themselves: notes and marked days."""

from django.db import transaction

from apps.history import rules
from apps.history.actions.pins import pin
from apps.history.actions.recording import record


@transaction.atomic
def add_note(timeline, *, text, by, at, happened_at=None, key=None, mentions=(), is_pinned=False):
    """Write a note that colleagues read; it is never edited, a correction is a new note.

    Args:
        timeline: whose history it is.
        text: plain text.
        by: who writes it.
        at: now.
        happened_at: when it happened, if earlier than now.
        key: makes writing twice writing once.
        mentions: people who are told; the text says them as `@name`, and ends with those
            that it does not.
        is_pinned: whether it is put on top of the timeline at once.

    Raises:
        TooManyPins: when the top is full; then nothing is written.
    """
    text, told = _with_names(text, mentions)
    event = record(
        "history.noted",
        timeline=timeline,
        by=by,
        at=at,
        happened_at=happened_at,
        key=key,
        text=text,
        **told,
    )
    if is_pinned:
        pin(event, by=by, at=at)
    return event


@transaction.atomic
def annotate(timeline, *, text, tone, by, at, happened_at=None, prefers="", key=None):
    """Mark a day of a timeline, as when their first order failed or a launch went well.

    Args:
        timeline: whose history it is.
        text: plain text.
        tone: key of `rules.TONES`: what it says of that day.
        by: who writes it.
        at: now.
        happened_at: when it happened, if earlier than now.
        prefers: the channel that they preferred then, if it is known.
        key: makes writing twice writing once.

    Raises:
        ValueError: when the tone is unknown, or the moment lies in the future.
    """
    if tone not in rules.TONES:
        raise ValueError(f"{tone} is no tone of an annotation.")
    told = {"prefers": str(prefers)} if prefers else {}
    return record(
        "history.annotated",
        timeline=timeline,
        by=by,
        at=at,
        happened_at=happened_at,
        key=key,
        text=text,
        tone=tone,
        **told,
    )


def _with_names(text, people):
    if not people:
        return text, {}
    said = rules.mentioned(text, [str(person) for person in people])
    unsaid = [f"@{person}" for person in people if str(person) not in said]
    text = "\n\n".join(filter(None, [text, " ".join(unsaid)]))
    return text, {"mentions": [{"id": person.pk, "name": str(person)} for person in people]}
