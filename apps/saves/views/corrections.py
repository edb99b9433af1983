"""Correcting a call that was logged."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import actions as accounts
from apps.core.policy import policy
from apps.saves import actions, forms
from apps.saves.models import SaveCase
from apps.saves.queries import corrections


@policy("saves.log", methods=["GET", "POST"])
def correct(request, pk):
    """Correct a call; who was slower sees what the faster one corrected, and keeps their words."""
    at, by = timezone.now(), request.user
    case = _find(request, pk)
    account = case.account.merged_into or case.account
    data = request.POST if request.method == "POST" else None
    form = forms.Correction(data, case=case, account=account, by=by, at=at)
    if not corrections.of_case(case, user=by, at=at).is_open:
        return _closed(request, form)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    given = {name: form.cleaned_data[name] for name in ("version", "why")}
    try:
        corrected = actions.correct(case, by=by, at=at, **given, **form.answers())
    except actions.CorrectedMeanwhile as refusal:
        since = corrections.made(refusal.newest, after=given["version"])
        return _page(request, form.meet(refusal.newest), status=409, since=since)
    except accounts.Refused as refusal:  # the record changed since the form was checked
        form.add_error(None, str(refusal))
        return _page(request, form, status=422)
    if corrected.version == case.version:
        messages.info(request, _("Nothing was corrected: the call says so already."))
    else:
        messages.success(request, _("Call corrected."))
    return redirect(case)


def _find(request, pk):
    cases = SaveCase.objects.visible_to(request.user).for_page()
    return get_object_or_404(cases.prefetch_related("also"), pk=pk)


def _page(request, form, *, status, since=()):
    """Show the form with what a correction will do."""
    case, account = form.case, form.account
    later = corrections.later_call(case, account)
    record = corrections.record_of(case, account, later=later is not None)
    context = {
        "form": form,
        "case": case,
        "account": account,
        "later": later,
        "since": since,
        "preview": corrections.preview(case, account, record, at=form.at),
        "until": corrections.of_case(case, user=form.by, at=form.at).until,
    }
    return render(request, "saves/correct.html", context, status=status)


def _closed(request, form):
    """Say who may correct the call now, and give back what was typed."""
    context = {
        "case": form.case,
        "account": form.account,
        "is_own": form.case.agent_id == request.user.pk,
        "typed": form.typed() if form.is_bound else [],
    }
    return render(request, "saves/correct_closed.html", context, status=403)
