"""Whether those who were saved stayed, by the same rule as everywhere."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.saves import rules
from apps.saves.queries.facts import heard_kinds

# A file of customers comes every Monday; the others are billed elsewhere and not in it.
IN_THE_FILE = 0.75
A_MINUTE = timedelta(minutes=1)


@dataclass
class Story:
    """What a life tells of calls, leavings and signs of life."""

    calls: list
    ended: dict  # id of a call → when it ended
    leavings: list
    said: dict  # day of leaving → when somebody wrote it down last
    heard: dict  # day → when something came in

    def facts(self, later, zone, heard_on):
        """What counts for one save."""
        return rules.Facts(
            leavings=tuple(self.leavings),
            attempts=tuple(_day(call.opened_at, zone) for call in later),
            heard=(*self.heard, *filter(None, [heard_on])),
        )


def tell(life):
    """Watch every save of a life that has been told, and tell what the worker would have."""
    zone, now = ZoneInfo(life.who.zone), life.world.clock.now
    story, today = _story(life, zone), _day(now, zone)
    # Chance of its own, so that no other part of the story hangs on it.
    is_listed = random.Random(f"file {life.who.reference}").random() < IN_THE_FILE  # noqa: S311
    saves = rules.saves_among(story.calls)
    for call, later in saves:
        saved_on = _day(call.opened_at, zone)
        monday = saved_on + timedelta(days=7 - saved_on.weekday())
        heard_on = monday if is_listed and monday <= today else None
        known = story.facts(later, zone, heard_on)
        changed_at = _tell_changes(life, story, call, later, known, zone)
        step = rules.ladder(saved_on, today, known)
        life.world.book.add(
            "watch",
            *(call.pk, life.id, step.rung, saved_on, step.day, step.why, step.next_on),
            *(call is saves[-1][0], heard_on, changed_at),
        )


def _story(life, zone):
    """Read a life's events back."""
    story = Story([], {}, [(life.churned_on, None)] if life.churned_on else [], {}, {})
    heard = set(heard_kinds())
    for recorded_at, kind, at, _by, _channel, payload, _label, subject, _key in life.events:
        if kind in {"saves.stayed", "saves.left", "saves.undecided"}:
            opened_at = at - timedelta(seconds=payload["seconds"] + 35)
            outcome = kind.removeprefix("saves.")
            call = rules.Call(subject, opened_at, outcome, payload.get("continues"))
            story.calls.append(call)
            story.ended[subject] = at
        elif kind == "accounts.churned":
            story.said[date.fromisoformat(payload["on"])] = recorded_at
        elif kind == "accounts.returned":
            story.leavings.append((date.fromisoformat(payload["was_on"]), _day(at, zone)))
        if kind in heard:
            day = _day(at, zone)
            story.heard[day] = min(story.heard.get(day, recorded_at), recorded_at)
    return story


def _tell_changes(life, story, call, later, known, zone):
    """Tell of each rung on the day on which it was reached; returns when it changed last."""
    now, saved_on = life.world.clock.now, _day(call.opened_at, zone)
    today = _day(now, zone)
    last = rules.ladder(saved_on, today, known)
    looks = {saved_on + timedelta(days=rung) for rung in rules.RUNGS}
    looks |= {saved_on + timedelta(days=last.day)} | {*known.heard}
    was, changed_at = "deflected", story.ended[call.pk]
    for day in sorted(each for each in looks if saved_on <= each <= today):
        step = rules.ladder(saved_on, day, known)
        if step.rung == was:
            continue
        at = datetime(day.year, day.month, day.day, tzinfo=zone) + A_MINUTE
        if step.rung == "tried_again":
            at = next(story.ended[c.pk] for c in later if _day(c.opened_at, zone) == day)
        elif step.rung == "left":
            at = max(at, story.said[day])
        elif was == "unknown":
            at = max(at, story.heard.get(day, at))
        changed_at = min(at, now)
        payload = {"rung": step.rung, "was": was, "day": step.day, "why": step.why}
        payload |= {"case": call.pk, "saved_on": saved_on.isoformat()}
        life.tell_of_case(call.pk, "saves.watch_changed", changed_at, payload)
        was = step.rung
    return changed_at


def _day(moment, zone):
    return moment.astimezone(zone).date()
