"""What we said we would do for a customer: written down, settled, and all of it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import actions as accounts
from apps.accounts import family
from apps.accounts.models import Account
from apps.core.policy import policy
from apps.saves import forms
from apps.saves.actions import commitments as actions
from apps.saves.models import Commitment
from apps.saves.queries import commitments as queries
from apps.saves.views import page
from apps.workspace.actions import new_key

BOTH = ("GET", "POST")


@policy("accounts.view")
def of_customer(request, pk):
    """Show everything that we ever said we would do for a customer, and what became of it."""
    account = family.find(pk, user=request.user)
    show, cursor = request.GET.get("show", ""), request.GET.get("at", "")
    ledger = queries.ledger(account, show=show, cursor=cursor)
    return render(request, "saves/commitments.html", {"account": account, "ledger": ledger})


@policy("saves.commit", methods=BOTH)
def new(request, pk):
    """Write down something that we said we would do."""
    rows = Account.objects.select_related("team")
    account, now = family.find(pk, user=request.user, rows=rows), timezone.now()
    data = request.POST if request.method == "POST" else None
    form = forms.NewCommitment(
        data, account=account, by=request.user, at=now, initial={"key": new_key()}
    )
    if form.is_valid():
        try:
            actions.add(account, by=request.user, at=now, **form.cleaned_data)
        except accounts.Refused as refusal:
            form.add_error("due_on" if isinstance(refusal, actions.DayOver) else None, refusal)
        else:
            messages.success(request, _("Commitment written down."))
            return _to(account)
    status = 422 if form.is_bound else 200
    context = {
        "account": account,
        "form": form,
        "title": _("Add a commitment"),
        "button": _("Add commitment"),
    }
    return render(request, "saves/commitment_new.html", context, status=status)


@policy("accounts.view")
def detail(request, pk):
    """Show one commitment, what happened to it, and what can be said of it."""
    return _page(request, _find(request, pk), at=timezone.now())


@policy("saves.commit", methods=BOTH)
def keep(request, pk):
    """Say that it was kept; one whose day is over is made good."""
    if request.method != "POST":
        return _how(request, _find(request, pk), at=timezone.now())

    def said(done):
        return _("Made good.") if done.made_good_at else _("Kept.")

    return _settle(request, pk, forms.Keeping, actions.keep, said)


@policy("saves.commit", methods=("POST",))
def waive(request, pk):
    """Say that it need not be kept."""
    return _settle(request, pk, forms.Waiving, actions.waive, lambda _done: _("Waived."))


@policy("saves.commit", methods=("POST",))
def move(request, pk):
    """Hand it to somebody else, or move its day."""
    return _settle(request, pk, forms.Moving, actions.reassign, lambda _done: _("Changed."))


@policy("saves.commit", methods=("POST",))
def reopen(request, pk):
    """Take back what one just said of it."""
    commitment, now = _find(request, pk), timezone.now()
    try:
        done = actions.reopen(commitment, by=request.user, at=now)
    except accounts.Refused as refusal:
        return _page(request, _newest(commitment), at=now, refusal=refusal, status=409)
    messages.success(request, _("Undone."))
    return _back(request, done)


def _how(request, commitment, *, at):
    """Ask what shows that it was kept: in its line, or on its page."""
    if not (commitment.is_open or commitment.can_be_made_good):  # settled meanwhile
        return page.lead_to(request, commitment.get_absolute_url())
    if not request.htmx:
        return _page(request, commitment, at=at)
    context = {
        "commitment": commitment,
        "is_over": queries.is_over(commitment, at),
        "back": request.GET.get("back", ""),
    }
    return render(request, "saves/_commitment_keep.html", context)


def _settle(request, pk, form_class, act, said):
    """Do what a form of the page says; what is refused shows how things are now."""
    commitment, now = _find(request, pk), timezone.now()
    form = _form(form_class, request.POST, commitment, now)
    if not form.is_valid():
        return _page(request, commitment, at=now, form=form, status=422)
    try:
        done = act(commitment, by=request.user, at=now, **form.cleaned_data)
    except actions.DayOver as refusal:
        form.add_error("due_on", refusal)
        return _page(request, commitment, at=now, form=form, status=422)
    except accounts.Refused as refusal:
        page = {"form": form, "refusal": refusal, "status": 409}
        return _page(request, _newest(commitment), at=now, **page)
    messages.success(request, said(done))
    return _back(request, done)


def _find(request, pk):
    """Fetch a commitment to a customer that this person may see."""
    return get_object_or_404(Commitment.objects.visible_to(request.user).for_page(), pk=pk)


def _newest(commitment):
    """Fetch a commitment once more, as it is now."""
    return Commitment.objects.for_page().get(pk=commitment.pk)


def _account(commitment):
    return commitment.account.merged_into or commitment.account


def _form(form_class, data, commitment, at):
    """Make a form of the page; the names of its fields differ from the others'."""
    options = {"auto_id": f"{form_class.__name__.lower()}_%s"}
    if form_class is forms.Moving:
        return forms.Moving(data, commitment=commitment, at=at, **options)
    return form_class(data, initial={"version": commitment.version}, **options)


def _page(request, commitment, *, at, form=None, refusal=None, status=200):
    """Show one commitment.

    Args:
        request: the request.
        commitment: as it is now.
        at: now.
        form: the one that was sent and not accepted.
        refusal: why not, where the form itself was right.
        status: of the answer.
    """
    context = {
        "account": _account(commitment),
        "commitment": commitment,
        "is_over": queries.is_over(commitment, at),
        "events": queries.story_of(commitment),
        "may_undo": commitment.may_be_reopened(request.user, at),
        "refusal": refusal,
        "sent": form,
        "typed": form.data.get("evidence") or form.data.get("why") if refusal and form else "",
        "back": (request.POST or request.GET).get("back", ""),
    }
    for name, form_class in _FORMS.items():
        is_sent = form is not None and refusal is None and isinstance(form, form_class)
        context[name] = form if is_sent else _form(form_class, None, commitment, at)
    return render(request, "saves/commitment.html", context, status=status)


_FORMS = {"keeping": forms.Keeping, "waiving": forms.Waiving, "moving": forms.Moving}


def _back(request, commitment):
    """Lead back to where the form was sent from."""
    if request.POST.get("back") == "today":
        return redirect("desk:today")
    return _to(_account(commitment))


def _to(account):
    return redirect(f"{account.get_absolute_url()}#commitments")
