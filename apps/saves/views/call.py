"""The page on which an agent logs a save while the customer is on the phone."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts import actions as accounts
from apps.accounts import family
from apps.accounts.models import Account
from apps.core.errors import Gone
from apps.core.policy import policy
from apps.saves import actions, forms
from apps.saves.models import Outcome
from apps.saves.queries import call_page

DONE = {
    Outcome.STAYED: _("Saved. %(name)s stays."),
    Outcome.LEFT: _("Logged. %(name)s leaves."),
    Outcome.UNDECIDED: _("Logged. %(name)s gets a call back."),
}


@policy("saves.log", methods=["GET", "POST"])
def new(request, pk):
    """Log a save; what was typed survives every refusal."""
    at = timezone.now()
    if request.method != "POST":
        account = family.find(pk, user=request.user, rows=Account.objects.select_related("owner"))
        form = forms.Call(account=account, by=request.user, at=at)
        form.talk_to(request.GET.get("contact", ""))
        return _page(request, account, form, at=at)
    account = _of_call(request, pk)
    form = forms.Call(request.POST, account=account, by=request.user, at=at)
    if not form.is_valid():
        given = form.cleaned_data.get("opening")  # none when it was damaged
        return _page(request, account, form, given, at=at, status=422)
    opening, answers = form.answers()
    try:
        case = actions.log(opening, by=request.user, at=at, **answers)
    except actions.AlreadyLogged as refusal:
        return _page(request, account, form, at=at, status=409, logged=refusal.case)
    except accounts.Refused as refusal:  # the record changed since the form was checked
        form.add_error(None, str(refusal))
        return _page(request, account, form, opening, at=at, status=422)
    messages.success(request, DONE[case.outcome] % {"name": account.name})
    return redirect(account)


def _of_call(request, pk):
    """Fetch the customer of a call, although the record was merged while it went on."""
    try:
        return family.find(pk, user=request.user)
    except Gone:
        return family.find(family.root(pk), user=request.user)


def _page(request, account, form, opening=None, *, at, status=200, logged=None):
    """Show the form; without the opening of a page before this one a call begins."""
    before = call_page.before(account, agent=request.user)
    opening = opening or actions.open_call(account, by=request.user, at=at, before=before)
    context = {
        "account": account,
        "form": form,
        "page": call_page.call_page(account, form, opening, before, at=timezone.now()),
        "opening": opening,
        "signed": opening.sign(),
        "logged": logged,
    }
    return render(request, "saves/new.html", context, status=status)
