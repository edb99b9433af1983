"""What the save page shows beside the questions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import cached_property

from apps.accounts.models import Stage
from apps.saves import rules
from apps.saves.models import Outcome
from apps.saves.queries import drafting, glance, win_backs

# What a page and its opening read first.
before = glance.before


@dataclass(frozen=True)
class CallPage:
    """The customer as the agent needs them while talking, and the choices of the form.

    The choices are read when they are rendered: a page that is shown again and again finds
    them rendered.
    """

    status: str
    seconds: int
    is_of_earlier: bool  # it began on a day before this one
    cases: list
    chain: glance.Chain | None
    points: list  # what is open
    kept: str  # how we kept our word
    spoken: list  # whether their people may be contacted
    touched_at: datetime | None
    owner: str | None
    a_year: Decimal
    barred: win_backs.Barred | None
    events: list
    facts: dict  # what guidance is filled with
    stage_after_staying: str
    first_proof: date
    form: object
    proof_days = rules.RUNGS[0]

    @cached_property
    def panels(self):
        """The categories with their reasons."""
        return _panels(self.form)

    @property
    def mentions_more(self):
        """True when further reasons are ticked."""
        return bool(self.form["also"].value())

    @property
    def solvable(self):
        """Whether it can be solved."""
        return _options(self.form, "solvable")

    @property
    def moods(self):
        """How they may have sounded."""
        return _options(self.form, "mood")


@dataclass(frozen=True)
class Choice:
    """A reason on the page."""

    reason: object
    is_chosen: bool
    is_mentioned: bool


@dataclass(frozen=True)
class Panel:
    """One category with its reasons, and which of them are chosen."""

    category: object
    is_open: bool
    reasons: list


def call_page(account, form, opening, before, *, at):
    """Read what stands beside the save form.

    Args:
        account: the customer.
        form: the Call form, which holds the categories.
        opening: how the call began.
        before: from `glance.before()`.
        at: now.
    """
    chain = glance.chain(before, opening, at=at)
    stays_in = rules.stage_after(Outcome.STAYED, account.stage)
    return CallPage(
        status=account.status(at),
        seconds=max(0, int((at - opening.at).total_seconds())),
        is_of_earlier=timezone.localdate(opening.at) < timezone.localdate(at),
        cases=before.cases,
        chain=chain,
        points=glance.points(before, chain, at=at),
        kept=glance.kept(before),
        spoken=glance.spoken(before, form.people),
        touched_at=before.touched_at,
        owner=before.owner,
        a_year=account.mrr * 12,
        barred=win_backs.barred(account, before.win_back, at=at),
        events=before.events,
        stage_after_staying=Stage(stays_in).label if stays_in else "",
        first_proof=account.today(opening.at) + timedelta(days=rules.RUNGS[0]),
        facts=drafting.of_form(form),
        form=form,
    )


def _panels(form):
    """The categories with their reasons, marked as chosen or also mentioned."""
    category, reason = str(form["category"].value() or ""), str(form["reason"].value() or "")
    also = {str(each) for each in form["also"].value() or ()}
    return [
        Panel(
            category=each,
            is_open=str(each.position) == category,
            reasons=[
                Choice(row, str(row.pk) == reason, str(row.pk) in also)
                for row in each.reasons.all()
            ],
        )
        for each in form.categories
    ]


def _options(form, name):
    """Value, words and whether chosen of a short choice; cheaper than one widget for each."""
    chosen = str(form[name].value() or "")
    choices = form.fields[name].choices
    return [(str(value), words, str(value) == chosen) for value, words in choices if value != ""]
