"""What would bring back a customer who left."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import actions as accounts
from apps.accounts import conflict, family
from apps.accounts.models import Account
from apps.core.errors import Gone
from apps.core.policy import policy
from apps.saves import forms
from apps.saves.actions import win_back
from apps.saves.models import WinBack
from apps.saves.queries import win_backs


def _keeping_what_was_typed(view):
    """Answer a form for somebody who is back, or removed, with everything that was typed."""

    @wraps(view)
    def answer(request, pk):
        try:
            return view(request, pk)
        except (Gone, win_back.NobodyLeft) as gone:
            if request.method == "POST":
                context = {"text": str(gone), "where": gone.url, "typed": _typed(request, pk)}
                return render(request, "accounts/gone.html", context, status=410)
            if isinstance(gone, Gone):
                raise
            messages.info(request, str(gone))
            return redirect(gone.url)

    return answer


@policy("saves.plan_win_back", methods=["GET", "POST"])
@_keeping_what_was_typed
def plan(request, pk):
    """Write what has changed since a customer left, and when to ask again."""
    now, account = timezone.now(), _fetch(request, pk)
    form = _form(request, account, at=now)
    rest = "rest" in request.POST
    while form.is_valid():
        who = {"by": request.user, "at": now}
        try:
            row = win_back.plan(account, rest=rest, **form.answers(), **who)
        except accounts.ChangedMeanwhile as error:
            form = form.meet(error.newest)
        else:
            said = _("Left in peace.") if row.ended else _("Win-back saved.")
            messages.success(request, form.saved_words(said))
            return redirect(account)
    return _page(request, account, form, at=now)


def _fetch(request, pk):
    """Fetch a customer who leaves or left; a record that was merged meanwhile is followed.

    Raises:
        NobodyLeft: they are a customer.
        Removed: they were removed while somebody wrote.
    """
    rows = Account.objects.for_page()
    try:
        account = family.find(pk, user=request.user, rows=rows)
    except (Gone, Http404):
        if request.method != "POST":
            raise
        account = _kept(request, family.root(pk), rows)
    if account.churned_on is None:
        raise win_back.NobodyLeft(account)
    return account


def _kept(request, pk, rows):
    account = rows.in_sight_of(request.user).filter(pk=pk).first()
    if account is None:
        raise Http404
    if account.removed_at:
        raise accounts.Removed(account)
    return account


def _form(request, account, *, at):
    """Make the form for what is written so far; for a first plan that somebody else began, too."""
    data = request.POST if request.method == "POST" else None
    row = win_backs.current_of(account).first()
    if row is None or (data and data.get("version") == "0"):
        row = WinBack(account=account, version=0)
    return forms.WinBackForm(data, account=account, at=at, instance=row)


def _page(request, account, form, *, at):
    found = win_backs.current(account)
    context = {
        "account": account,
        "form": form,
        "call": win_backs.last_leaving(account),
        "barred": win_backs.barred(account, found, at=at),
        "is_rested": bool(found and found["ended"]),
        "has_left": account.churned_on <= account.today(at),
    }
    met = form.has_met and form.others()
    status = (409 if met else 422) if form.is_bound else 200
    return render(request, "saves/win_back.html", context, status=status)


def _typed(request, pk):
    """Return pairs of a label and what somebody wrote other than what the form showed."""
    fields = forms.WinBackForm.base_fields
    row = WinBack.objects.filter(account=pk).order_by("-pk").first() or WinBack()
    showed, _meeting = conflict.unseal(request.POST.get("opened"), subject=row)
    words = {name: request.POST.get(name, "") for name in win_backs.WORDS}
    return [
        (fields[name].label, text)
        for name, text in words.items()
        if text and text.replace("\r\n", "\n") != showed.get(name)
    ]
