"""How much of a customer's record is known, and the one thing to ask next.

Pure decisions: everything comes in from the page, which has read it anyway. Facts are listed in
the order in which they are asked, the ones that matter most first.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.custom import PREFIX
from apps.accounts.models import FieldKind, Topic
from apps.core.templatetags.mainstay import day

# How much each weighs; required fields of the workspace's own weigh 1 each.
WEIGHTS = {
    "contact": 3,
    "renews_on": 3,
    "driver": 3,
    "first": 2,
    "owner": 2,
    "permission": 2,
    "expectations": 2,
    "plan": 1,
    "industry": 1,
}
# Controls of the kinds of custom fields; a choice offers its values, yes or no is one too.
INPUTS = {
    FieldKind.TEXT: "text",
    FieldKind.NUMBER: "number",
    FieldKind.MONEY: "number",
    FieldKind.DATE: "date",
    FieldKind.CHOICE: "select",
    FieldKind.YES_NO: "select",
    FieldKind.LINK: "url",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One fact that is missing, and how to ask for it.

    With an `input` (a type of control, or "select") it is answered at once; else at `path`,
    below the customer's own address.
    """

    key: str
    text: str
    input: str = ""
    choices: tuple = ()  # pairs of value and words
    path: str = ""
    button: str = ""


SAME_FOR_ALL = {
    each.key: each
    for each in (
        Question(
            "contact",
            gettext_lazy("How can they be reached?"),
            path="contacts/new/",
            button=gettext_lazy("Add a contact"),
        ),
        Question("renews_on", gettext_lazy("When do they renew?"), "date"),
        Question(
            "driver",
            gettext_lazy("What is continued value to them?"),
            path=f"insights/new/?topic={Topic.VALUE_DRIVER}",
            button=gettext_lazy("Write it down"),
        ),
        Question(
            "owner",
            gettext_lazy("Who looks after them?"),
            path="owner/",
            button=gettext_lazy("Choose an owner"),
        ),
        Question(
            "expectations",
            gettext_lazy("What did the sale promise them?"),
            path="hand-over/",
            button=gettext_lazy("Fill in the hand-over"),
        ),
        Question("plan", gettext_lazy("Which plan are they on?"), "text"),
        Question("industry", gettext_lazy("What is their industry?"), "text"),
    )
}


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete a record is."""

    known: int
    total: int
    percent: int  # by weight
    question: Question | None
    put_off: str  # keys of questions that were put off, as the address says them
    skip: str  # the same once "Not now" is chosen


@dataclass(frozen=True, slots=True)
class Known:
    """What a page has read of a customer.

    `people` have pk, name, phone, email, is_primary and statements; `topics` are those on which
    there is an insight; `fields` are the custom fields in use.
    """

    account: object
    people: list
    topics: set
    fields: tuple


def reckon(known, *, skip="", may_assign=False):
    """Return how complete a record is, and the next question.

    Args:
        known: what was read.
        skip: keys of questions that are put off, with dots between.
        may_assign: whether whoever reads may choose an owner.
    """
    facts = _facts(known)
    missing = [key for key, (_weight, is_known) in facts.items() if not is_known]
    put_off = {*skip.split("."), *(() if may_assign else ("owner",))}
    asked = next((key for key in missing if key not in put_off), None)
    total = sum(weight for weight, _known in facts.values())
    weight = sum(weight for weight, is_known in facts.values() if is_known)
    earlier = [key for key in skip.split(".") if key in facts]
    return Completeness(
        known=len(facts) - len(missing),
        total=len(facts),
        percent=round(100 * weight / total),
        question=asked and question(asked, known),
        put_off=".".join(earlier),
        skip=".".join(filter(None, [*earlier, asked])),
    )


def is_missing(known, key):
    """Say whether a fact is asked for and not known yet."""
    return not _facts(known).get(key, (0, True))[1]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a question that is answered at once."""

    text: str  # as the question's control sends it
    words: str
    told: str  # what the history calls it


def answer(known, key):
    """Return the `Answer` that is known already, or None.

    Args:
        known: what was read.
        key: of a question.
    """
    if key == "first":
        person = next((each for each in known.people if each.is_primary), None)
        return person and Answer(str(person.pk), person.name, "is_primary")
    if key.startswith(PREFIX):
        field = next((each for each in known.fields if each.name == key), None)
        value = field and known.account.custom.get(field.key)
        if value is None:
            return None
        return Answer(field.plain(value), field.words(value, known.account.currency), field.told)
    if key not in SAME_FOR_ALL or not SAME_FOR_ALL[key].input:
        return None
    value = getattr(known.account, key)
    words = day(value) if SAME_FOR_ALL[key].input == "date" else value
    return Answer(str(value), words, key) if value else None


def is_question(key, fields):
    """Say whether there is such a question at all."""
    return key in WEIGHTS or any(field.name == key for field in fields)


def _facts(known):
    """Return (weight, whether it is known) by key, in the order of asking."""
    account, people, topics = known.account, known.people, known.topics
    found = {
        "contact": any(each.phone or each.email for each in people),
        "renews_on": account.renews_on,
        "driver": Topic.VALUE_DRIVER in topics,
        "first": any(each.is_primary for each in people),
        "owner": account.owner_id,
        "permission": any(each.statements for each in people),
        "expectations": Topic.EXPECTATION in topics,
        "plan": account.plan,
        "industry": account.industry,
    }
    if account.started_on is None or account.churned_on:
        del found["renews_on"]  # nothing renews
    if not people:
        # Asked of somebody; who that is comes first.
        del found["first"], found["permission"]
    facts = {key: (WEIGHTS[key], bool(is_known)) for key, is_known in found.items()}
    for field in known.fields:
        if field.is_required:
            facts[field.name] = (1, field.key in account.custom)
    return facts


def question(key, known):
    """Return how to ask for a fact.

    Args:
        key: of a fact that is missing.
        known: what was read.
    """
    if key.startswith(PREFIX):
        return _own_question(next(each for each in known.fields if each.name == key))
    if key == "first":
        people = tuple((each.pk, each.name) for each in known.people)
        return Question(key, _("Who is the first to call?"), "select", people)
    if key == "permission":
        person = known.people[0]
        words = _("May we contact %(name)s?") % {"name": person.name}
        path = f"contacts/{person.pk}/permission/"
        return Question(key, words, path=path, button=_("Write down what they said"))
    return SAME_FOR_ALL[key]


def _own_question(field):
    choices = ()
    if field.kind == FieldKind.YES_NO:
        choices = (("yes", _("Yes")), ("no", _("No")))
    elif field.kind == FieldKind.CHOICE:
        choices = tuple((each, each) for each in field.choices)
    words = _("What is their %(label)s?") % {"label": field.label}
    return Question(field.name, words, INPUTS[field.kind], choices)
