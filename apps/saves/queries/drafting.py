"""The facts of a call, as text: for guidance beside a reason, and for prompts that are copied."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.templatetags.mainstay import day, moment, money, tenure
from apps.reasons import rules
from apps.reasons.queries import prompts
from apps.saves.models import Mood, Outcome


@dataclass(frozen=True, slots=True)
class Filled:
    """A prompt with the facts of one call, ready to be copied."""

    pk: int
    name: str
    text: str


def filled(facts):
    """Return the prompts in use, filled.

    Args:
        facts: from `of_case()` or `of_typed()`.
    """
    quoted = facts | {"words": rules.in_quotes(facts["words"])}
    return [Filled(each.pk, each.name, rules.fill(each.text, quoted)) for each in prompts()]


def of_form(form):
    """Return the facts that guidance names, from the call form as it is shown.

    Args:
        form: the Call form; what is typed into it need not be right.
    """
    chosen = str(form["contact"].value() or "")
    names = (name for pk, name, _title in form.people if str(pk) == chosen)
    words = form["verbatim"].value() or ""
    return _of_account(form.account, agent=form.by, words=words, contact=next(names, ""))


def of_typed(form):
    """Return the facts that prompts name, from a Call form that was checked, right or not."""
    given = form.cleaned_data
    reason = given.get("reason")
    ending = _ending(
        given.get("outcome"),
        **{name: given.get(name) for name in ("leaves_on", "call_back_at")},
        **{name: given.get(name) or "" for name in ("stay_because", "back_if", "waits_for")},
    )
    return of_form(form) | {
        "reason": f"{reason.category.name}: {reason.name}" if reason else "",
        "outcome": ending,
        "competitor": given["competitor"].name if given.get("competitor") else "",
        "mood": _mood(given.get("mood")),
        **_said(
            [
                (each["text"], each["due_on"], each["is_visible"])
                for each in getattr(form, "commitments", ())
            ]
        ),
    }


def of_case(case, account, *, agent):
    """Return the facts that prompts name, from a call that was logged.

    Args:
        case: with its contact, competitor and commitments.
        account: the record that the customer is shown as.
        agent: who will write.
    """
    contact = case.contact.name if case.contact else ""
    facts = _of_account(account, agent=agent, words=case.verbatim, contact=contact)
    names = ("leaves_on", "call_back_at", "stay_because", "back_if", "waits_for")
    said = case.commitments.exclude(state="waived").soonest_first()
    return facts | {
        "mrr": money(case.mrr, case.currency),
        "reason": case.reason_text,
        "outcome": _ending(case.outcome, **{name: getattr(case, name) for name in names}),
        "competitor": case.competitor.name if case.competitor else "",
        "mood": _mood(case.mood),
        **_said(said.values_list("text", "due_on", "is_visible")),
    }


def _of_account(account, *, agent, words, contact):
    return {
        "words": words,
        "customer": account.name,
        "contact": contact,
        "plan": account.plan,
        "mrr": money(account.mrr, account.currency),
        "renews": day(account.renews_on, "in"),
        "agent": agent.name or agent.email,
        "tenure": tenure(account.started_on),
    }


def _ending(outcome, *, leaves_on, call_back_at, stay_because, back_if, waits_for):
    """Say how a call ended in a sentence or two; "" while nobody has chosen."""
    said = {
        Outcome.STAYED: [
            _("They stay."),
            _sentence(_("What made them stay: %(what)s."), stay_because),
        ],
        Outcome.LEFT: [
            _sentence(_("They leave %(what)s."), day(leaves_on, "in")) or _("They leave."),
            _sentence(_("They would come back if: %(what)s."), back_if),
        ],
        Outcome.UNDECIDED: [
            _("They are undecided."),
            _sentence(_("We call back %(what)s."), moment(call_back_at, "in")),
            _sentence(_("They wait for: %(what)s."), waits_for),
        ],
    }
    return " ".join(each for each in said.get(outcome, ()) if each)


def _sentence(words, fact):
    return words % {"what": fact.rstrip(". ")} if fact else ""


def _mood(mood):
    return Mood(mood).label.lower() if mood else ""


def _said(commitments):
    """Split what we said we would do: what the customer knows, and what they do not."""
    lines = {True: [], False: []}
    for text, due_on, is_visible in commitments:
        words = {"text": text, "day": day(due_on, "in")}
        lines[is_visible].append(_("- %(text)s (by %(day)s)") % words)
    return {
        "commitments": "\n".join(lines[True]) or _("- nothing"),
        "internal": "\n".join(lines[False]) or _("- nothing"),
    }
