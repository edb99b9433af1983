"""The page on which an agent logs a save while the customer is on the phone."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts import actions as accounts
from apps.core.policy import policy
from apps.saves import actions, forms
from apps.saves.models import Outcome
from apps.saves.views import page, signed_out

DONE = {
    Outcome.STAYED: _("Saved. %(name)s stays."),
    Outcome.LEFT: _("Logged. %(name)s leaves."),
    Outcome.UNDECIDED: _("Logged. %(name)s gets a call back."),
}


@policy("saves.log", methods=["GET", "POST"], signed_out=signed_out.keep)
def new(request, pk):
    """Log a save; what was typed survives every refusal."""
    at = timezone.now()
    if request.method != "POST":
        waiting = signed_out.mine(request)
        account = page.of_call(request, pk)
        if account.pk != pk:
            return redirect("saves:new", account.pk)
        return page.begun(request, account, at, waiting=waiting)
    account = page.of_call(request, pk)
    form = forms.Call(request.POST, account=account, by=request.user, at=at)
    if not form.is_valid():
        given = form.cleaned_data.get("opening")  # none when it was damaged
        return page.show(request, account, form, given, at=at, status=422)
    opening, answers = form.answers()
    seen = forms.Typed(request.POST, account=account).seen
    try:
        case = actions.log(opening, by=request.user, at=at, seen=seen, **answers)
    except actions.drafts.Behind as told:
        return page.show(request, account, form, opening, at=at, status=409, told=told)
    except actions.AlreadyLogged as refusal:
        signed_out.forget_call(request, opening.key)
        return page.show(request, account, form, at=at, status=409, logged=refusal.case)
    except accounts.Refused as refusal:  # the record changed since the form was checked
        form.add_error(None, str(refusal))
        return page.show(request, account, form, opening, at=at, status=422)
    signed_out.forget(request)
    messages.success(request, DONE[case.outcome] % {"name": account.name})
    return page.lead_to(request, account.get_absolute_url())
