"""The customer's story: what we learned, what the sale promised, days worth a mark, one fact."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import actions, completeness, conflict, custom, family, forms, story
from apps.accounts.models import Insight, Topic, Verdict
from apps.accounts.queries import people_of
from apps.accounts.views.common import BOTH, done, fetch, sent, show
from apps.core.policy import policy
from apps.history import actions as history
from apps.history.models import Event
from apps.workspace.actions import new_key


@policy("accounts.view")
def insights(request, pk):
    """Show everything that was ever said about a customer, newest first."""
    account = fetch(request, pk)
    context = {"account": account, "statements": list(story.statements_of(account))}
    return render(request, "accounts/insights.html", context)


@policy("accounts.insight", methods=BOTH)
def insight_new(request, pk):
    """Write down one thing that we learned, from whom and when."""
    account, now = fetch(request, pk), timezone.now()
    topic = request.GET.get("topic")
    first = {"key": new_key(), "topic": topic if topic in Topic.values else Topic.WANTS}
    form = forms.InsightForm(sent(request), account=account, at=now, initial=first)
    page = {"title": _("What did you learn?"), "button": _("Write it down")}
    if not form.is_valid():
        return show(request, form, account=account, template="insight", **page)
    try:
        actions.learn(account, by=request.user, at=now, **form.cleaned_data)
    except actions.FormUsed as error:
        form.add_error(None, error)
        return show(request, form, account=account, template="insight", **page)
    return done(request, account, _("Written down."))


def _expectation(account, pk):
    """Fetch something that the sale promised, also to a record merged into this one."""
    rows = Insight.objects.filter(account__in=family.of(account).pks, topic=Topic.EXPECTATION)
    return get_object_or_404(rows, pk=pk)


@policy("accounts.insight", methods=BOTH)
def expectation(request, pk, insight_pk):
    """Say whether something that the sale promised was met; of what is settled, show how."""
    account, now = fetch(request, pk), timezone.now()
    promise = _expectation(account, insight_pk)
    form = forms.ExpectationForm(
        sent(request), account=account, at=now, initial={"verdict": Verdict.MET}
    )
    page = {"title": _("What the sale promised"), "button": _("Save"), "promise": promise}
    if not form.is_valid():
        return show(request, form, account=account, template="expectation", **page)
    who = {"by": request.user, "at": now}
    try:
        actions.settle_expectation(account, promise, **form.cleaned_data, **who)
    except actions.SettledTooEarly as error:
        form.add_error("on", error)
        return show(request, form, account=account, template="expectation", **page)
    except actions.SettledAlready as error:
        form.add_error(None, error)
        page |= {"promise": error.newest, "status": 409}
        return show(request, form, account=account, template="expectation", **page)
    return done(request, account, _("Written down."))


@policy("accounts.insight", methods=("POST",))
def expectation_reopen(request, pk, insight_pk):
    """Mark something that the sale promised as open again."""
    account = fetch(request, pk)
    promise = _expectation(account, insight_pk)
    actions.reopen_expectation(account, promise, by=request.user, at=timezone.now())
    return done(request, account, _("It is open again."))


@policy("accounts.insight", methods=BOTH)
def hand_over(request, pk):
    """Take a customer over from sales."""
    account, now = fetch(request, pk), timezone.now()
    form = forms.HandOverForm(sent(request), account=account, at=now, initial={"key": new_key()})
    page = {"title": _("Hand-over from sales"), "button": _("Save hand-over")}
    if not form.is_valid():
        return show(request, form, account=account, template="hand_over", **page)
    try:
        actions.hand_over(account, by=request.user, at=now, **form.cleaned_data)
    except (actions.FormUsed, actions.SaysNothing) as error:
        form.add_error(None, error)
        return show(request, form, account=account, template="hand_over", **page)
    return done(request, account, _("Hand-over saved."))


@policy("history.add_note", methods=BOTH)
def annotation_new(request, pk):
    """Mark a day of the customer's timeline."""
    account, now = fetch(request, pk), timezone.now()
    first = {"key": new_key(), "tone": "info"}
    form = forms.AnnotationForm(sent(request), account=account, at=now, initial=first)
    if not form.is_valid():
        page = {"title": _("Annotate a day"), "button": _("Add annotation")}
        return show(request, form, account=account, **page)
    history.annotate(account.timeline, by=request.user, at=now, **form.answers())
    return done(request, account, _("Annotation added."))


@policy("accounts.change", methods=BOTH)
def fact(request, pk, key):
    """Answer the one question about a fact that is missing; the next one follows."""
    account = fetch(request, pk)
    known = completeness.Known(account, people_of(account)[0], set(), custom.definitions())
    # Somebody may have been faster than who sends an answer.
    there = completeness.answer(known, key) if request.method == "POST" else None
    if not (there or completeness.is_missing(known, key)):
        return _answered(request, account, key)
    asked = completeness.question(key, known)
    if not asked.input:
        raise Http404
    form = forms.FactForm(sent(request), account=account, question=asked, fields=known.fields)
    page = {"title": asked.text, "button": _("Save")}
    if not form.is_valid():
        return show(request, form, account=account, **page)
    if there and there.text == form.text():
        return _answered(request, account, key)
    if there and not form.has_shown(there):
        form.meet(there, conflict.teller(Event.objects.on(account.timeline_id), there.told))
        return show(request, form, account=account, status=409, **page)
    try:
        _save_fact(account, form, by=request.user, at=timezone.now())
    except actions.ChangedMeanwhile:
        return fact(request, pk, key)  # in this very moment: look again
    except actions.ValueRefused as error:
        form.add_error("value", error)
        return show(request, form, account=account, **page)
    messages.success(request, _("Saved."))
    return _on(request, account)


def _save_fact(account, form, **who):
    if form.key == "first":
        actions.make_primary(form.cleaned_data["value"], **who)
    else:
        actions.edit(account, version=account.version, **form.details(), **who)


def _answered(request, account, key):
    """Lead back from a question that somebody answered before, or that nobody asks."""
    if not completeness.is_question(key, custom.definitions()):
        raise Http404
    messages.info(request, _("Somebody answered that already."))
    return _on(request, account)


def _on(request, account):
    """Lead to the next question; those that were put off stay so."""
    skip = request.GET.get("skip", "")
    query = f"?{urlencode({'skip': skip})}" if skip else ""
    return redirect(f"{account.get_absolute_url()}{query}#completeness")
