from datetime import timedelta

import pytest

from apps.history import actions, rules
from apps.history.models import Event, Pin
from apps.history.templatetags.history import tone
from tests.factories.history import EventFactory, PinFactory, TimelineFactory


def test_an_entry_is_pinned_once_and_taken_down(agent, now):
    event = EventFactory()

    first, second = (actions.pin(event, by=agent, at=now) for _ in range(2))

    assert first == second
    assert (first.timeline, first.pinned_by, first.pinned_at) == (event.timeline, agent, now)
    assert str(first) == f"Pin of event {event.pk}"
    for _again in range(2):
        actions.unpin(event)
    assert not Pin.objects.exists()
    assert Event.objects.get() == event


def test_the_top_of_a_timeline_holds_five(agent, now):
    timeline = TimelineFactory()
    for _ in range(rules.MOST_PINS):
        PinFactory(event__timeline=timeline)
    PinFactory()
    event = EventFactory(timeline=timeline)

    with pytest.raises(actions.TooManyPins, match="Unpin one of them first"):
        actions.pin(event, by=agent, at=now)


def test_a_note_is_pinned_at_once_or_not_written(agent, now):
    timeline = TimelineFactory()
    for n in range(rules.MOST_PINS):
        actions.add_note(timeline, text=f"Note {n}", by=agent, at=now, is_pinned=True)

    with pytest.raises(actions.TooManyPins):
        actions.add_note(timeline, text="One more", by=agent, at=now, is_pinned=True)

    assert (Pin.objects.count(), Event.objects.count()) == (5, 5)


def test_a_day_is_annotated(agent, now):
    then = now - timedelta(days=40)

    event = actions.annotate(
        TimelineFactory(),
        text="Their first order was lost.",
        tone="bad",
        prefers="phone",
        by=agent,
        at=now,
        happened_at=then,
    )

    assert (event.kind, event.happened_at) == ("history.annotated", then)
    assert event.payload == {
        "text": "Their first order was lost.",
        "tone": "bad",
        "prefers": "phone",
    }


def test_an_annotation_has_a_tone_and_a_day_that_was(agent, now):
    timeline = TimelineFactory()
    who = {"by": agent, "at": now}

    assert actions.annotate(timeline, text="New roof", tone="info", **who).payload == {
        "text": "New roof",
        "tone": "info",
    }
    with pytest.raises(ValueError, match="no tone"):
        actions.annotate(timeline, text="New roof", tone="purple", **who)
    with pytest.raises(ValueError, match="future"):
        tomorrow = now + timedelta(days=1)
        actions.annotate(timeline, text="New roof", tone="info", happened_at=tomorrow, **who)


def test_a_tone_is_said_in_words():
    assert (tone("bad"), tone("gone")) == ("A pain point", "gone")
