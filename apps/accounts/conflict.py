"""Two people edit one record: which fields only one of them changed, and which need a choice.

A form carries what it showed when it was opened. When somebody else saved meanwhile, each field
has three values: as opened, as it is now, and as typed, all as the text that its control sends.
"""

from dataclasses import asdict, dataclass, field

from django.core import signing

# How many of the newest entries are read to find who changed a field.
READ_BACK = 50
# Entries without a list of fields that tell of one field all the same.
_SAID_BY = {
    "accounts.churned": "churned_on",
    "accounts.returned": "churned_on",
    "accounts.stage_changed": "stage",
    "accounts.owner_changed": "owner",
    "accounts.tier_changed": "tier",
}


def sort(opened, theirs, mine, *, linked=()):
    """Sort the fields that differ by who changed them.

    Args:
        opened: {name: text} when the form was opened; a name is missing where that is unknown.
        theirs: {name: text} as it is now.
        mine: {name: text} as typed; a name is missing where nothing was asked.
        linked: tuples of names that only mean something together, such as an amount and its
            currency: when each was changed by somebody else, all of them need a choice.

    Returns:
        `{name: verdict}`, in the order of `theirs`, of those that differ: "taken" (only they
        changed it), "kept" (only I did) or "both".
    """
    verdicts = {}
    for name, now in theirs.items():
        typed = mine.get(name, now)
        if typed != now:
            verdicts[name] = _verdict(opened[name], now, typed) if name in opened else "both"
    for names in linked:
        found = {verdicts[name] for name in names if name in verdicts}
        if len(found) > 1:
            verdicts |= {name: "both" for name in names if name in verdicts}
    return verdicts


def _verdict(opened, now, typed):
    if typed == opened:
        return "taken"
    return "kept" if now == opened else "both"


@dataclass
class Meeting:
    """What a form met: who changed what meanwhile, and what is still to be chosen.

    `was`, `theirs` and `mine` are texts of the fields that differ; `who` says by name who
    changed a field last, and when.
    """

    verdicts: dict = field(default_factory=dict)
    was: dict = field(default_factory=dict)
    theirs: dict = field(default_factory=dict)
    mine: dict = field(default_factory=dict)
    who: dict = field(default_factory=dict)

    def names(self, verdict):
        """Return the fields with a verdict."""
        return [name for name, each in self.verdicts.items() if each == verdict]


def seal(opened, meeting, *, subject):
    """Return what a form carries: what it showed, and what it met; signed for its subject."""
    carried = {"opened": opened, "meeting": asdict(meeting) if meeting else None}
    return signing.dumps(carried, salt=_salt(subject), compress=True)


def unseal(text, *, subject):
    """Read what a form carries; of a missing or foreign one nothing is known.

    Returns:
        What it showed, and what it met or None.
    """
    try:
        carried = signing.loads(text or "", salt=_salt(subject))
    except signing.BadSignature:
        return {}, None
    meeting = carried["meeting"]
    return carried["opened"], Meeting(**meeting) if meeting else None


def _salt(subject):
    return f"accounts.opened:{subject._meta.label_lower}:{subject.pk}"


def changers(events, names):
    """Say who changed each of some fields last, as the history tells it.

    Args:
        events: those that tell of the record.
        names: {field: what the history calls it}.

    Returns:
        `{field: [name, moment as text]}`; the name is empty for Mainstay itself, and a field
        that the history doesn't name is put down to the newest entry.
    """
    newest = list(events.for_list().order_by("-id")[:READ_BACK])
    return {name: _changer(newest, called) for name, called in names.items()} if newest else {}


def teller(events, called):
    """Return the newest entry that tells of a field, or None when none of late does.

    Args:
        events: those of the record.
        called: what the history calls the field.
    """
    newest = events.for_list().order_by("-id")[:READ_BACK]
    return next((each for each in newest if _tells(each, called)), None)


def _changer(newest, called):
    event = next((each for each in newest if _tells(each, called)), newest[0])
    return [event.actor.name if event.actor else "", event.recorded_at.isoformat()]


def _tells(event, called):
    return called in event.payload.get("changes", ()) or _SAID_BY.get(event.kind) == called
