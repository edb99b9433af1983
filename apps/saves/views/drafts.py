"""Keeping what is typed while the call goes on, and dropping it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.htmx import wants_fragment
from apps.core.policy import policy
from apps.saves import actions, forms
from apps.saves.models import Draft
from apps.saves.views import page, signed_out

# What a page is told when its answers were not kept, and how urgent that is.
REFUSALS = {actions.drafts.TooLong: 422}
BACK = _("What this browser had kept is back.")
BACK_OF_MERGED = _(
    "This browser had kept words of a call with a record that was merged into this one. "
    "They are back."
)


@policy("saves.log", methods=["POST"], signed_out=signed_out.keep)
def keep(request, pk):
    """Keep the answers as they are so far; a page without script comes back to itself."""
    at = timezone.now()
    account = page.of_call(request, pk)
    form = forms.Typed(request.POST, account=account, by=request.user)
    if not form.is_valid():
        return _not_kept(request, account, form, form.errors, at=at, status=422)
    opening = form.cleaned_data["opening"]
    opening = opening or actions.open_call(account, by=request.user, at=at)
    version = form.cleaned_data["version"] or 0
    try:
        draft = form.verb(opening, by=request.user, at=at, answers=form.answers, version=version)
    except actions.drafts.NotKept as told:
        status = REFUSALS.get(type(told), 409)
        return _not_kept(request, account, form, told, at=at, status=status)
    signed_out.forget(request)
    if form.cleaned_data["use"]:
        draft = actions.drafts.use(draft, kept_at=form.cleaned_data["use"], at=at)
    if form.cleaned_data["choice"] == "restored":
        messages.success(request, BACK_OF_MERGED if form.is_of_merged else BACK)
    if wants_fragment(request, "draft"):
        return render(request, "saves/_draft.html", {"draft": draft, "version": draft.version})
    return redirect("saves:new", account.pk)


def _not_kept(request, account, form, told, *, at, status):
    """Say why, beside what was typed."""
    if wants_fragment(request, "draft"):
        context = {"told": told, "account": account}
        return render(request, "saves/_draft_told.html", context, status=status)
    call = forms.Call(account=account, by=request.user, at=at, kept=form.answers)
    opening = form.cleaned_data.get("opening")
    return page.show(request, account, call, opening, at=at, status=status, told=told)


def _own(request, pk):
    drafts = Draft.objects.by_agent(request.user).visible_to(request.user)
    return get_object_or_404(drafts.for_list(), pk=pk)


@policy("saves.log", methods=["GET", "POST"])
def drop(request, pk):
    """End a draft without a call, and say why; afterwards, offer to take it up again."""
    draft = _own(request, pk)
    if draft.case_id:
        return redirect("saves:detail", draft.case_id)
    form = forms.Dropping(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"draft": draft, "account": draft.customer, "form": form}
        return render(request, "saves/drop.html", context, status=422 if form.is_bound else 200)
    reason = form.cleaned_data["reason"]
    try:
        actions.drafts.drop(draft, reason=reason, by=request.user, at=timezone.now())
    except actions.drafts.Logged as refusal:  # in another tab, this very moment
        return redirect(refusal.case)
    signed_out.forget_call(request, draft.key)
    return redirect("saves:drop", draft.pk)


@policy("saves.log", methods=["POST"])
def reopen(request, pk):
    """Take a dropped draft up again."""
    draft = _own(request, pk)
    if draft.case_id:
        return redirect("saves:detail", draft.case_id)
    draft = actions.drafts.reopen(draft, by=request.user, at=timezone.now())
    return redirect("saves:new", draft.customer.pk)
