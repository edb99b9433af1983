"""A calendar as other programs read it (RFC 5545), out of plain values."""

from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 75  # bytes in a line, without its end


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar."""

    uid: str
    starts: datetime
    ends: datetime
    title: str
    text: str
    url: str
    version: int


def calendar(name, entries, *, at):
    """Return the text of a calendar.

    Args:
        name: what it is called.
        entries: what is in it.
        at: now.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mainstay//Tasks//EN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        # How often it is worth asking again.
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        *(line for each in entries for line in _entry(each, at)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _entry(entry, at):
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{_moment(at)}",
        f"DTSTART:{_moment(entry.starts)}",
        f"DTEND:{_moment(entry.ends)}",
        f"SEQUENCE:{entry.version}",
        f"SUMMARY:{_text(entry.title)}",
        f"DESCRIPTION:{_text(entry.text)}",
        f"URL:{entry.url}",
        # It can be moved; it does not make anybody busy.
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _moment(value):
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value):
    """Write a text so that nothing in it ends the line or stands for something else."""
    for mark in ("\\", ";", ","):
        value = value.replace(mark, f"\\{mark}")
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\\n".join("".join(c for c in line if c >= " " or c == "\t") for line in lines)


def _folded(line):
    """Break a line that is too long; the next one goes on after a space."""
    parts, part = [], ""
    for character in line:
        if len((part + character).encode()) > LONGEST:
            parts.append(part)
            part = " "
        part += character
    return "\r\n".join([*parts, part])
