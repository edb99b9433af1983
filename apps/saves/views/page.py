"""The save page, as whoever changes something shows it again."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.accounts import family
from apps.core.errors import Gone
from apps.saves import actions, forms
from apps.saves.queries import call_page
from apps.saves.queries import drafts as draft_queries


def of_call(request, pk):
    """Fetch the customer of a call, although the record was merged while it went on."""
    try:
        return family.find(pk, user=request.user)
    except Gone:
        return family.find(family.root(pk), user=request.user)


def begun(request, account, at, *, waiting=()):
    """Show the call that a person has begun with a customer, or begins now.

    Args:
        request: the request.
        account: the customer.
        at: now.
        waiting: what was posted while the person was signed out, about any customer.
    """
    around = draft_queries.around(account, agent=request.user)
    before = call_page.before(account, agent=request.user)
    records = {account.pk, *around.merged}
    back = next((each for each in waiting if each.opening.account_id in records), None)
    last = back or around.mine
    kept = last.answers if last else None
    form = forms.Call(account=account, by=request.user, at=at, kept=kept, people=before.people)
    form.talk_to(request.GET.get("contact", ""))
    opening, more = None, {}
    if back:
        opening = replace(back.opening, account_id=account.pk)
        more = {"waiting": back.key, "version": back.version, "was_signed_out": True}
    return show(request, account, form, opening, at=at, around=around, before=before, **more)


def show(request, account, form, opening=None, *, at, around=None, before=None, status=200, **more):
    """Show the form; without the opening of a page before this one a call begins.

    Args:
        request: the request.
        account: the customer.
        form: the Call form.
        opening: how the call began, where the page before this one says so.
        at: now.
        around: from `drafts.around()`, where it was read already.
        before: from `glance.before()`, likewise.
        status: of the answer.
        **more: what else the page tells.
    """
    around = around or draft_queries.around(account, agent=request.user)
    before = before or call_page.before(account, agent=request.user)
    opening = opening or actions.open_call(
        account, by=request.user, at=at, before=before, around=around
    )
    draft = around.mine
    context = {
        "account": account,
        "form": form,
        "page": call_page.call_page(account, form, opening, before, at=timezone.now()),
        "clock": _clock(request, draft, opening, at),
        "opening": opening,
        "signed": opening.sign(),
        "draft": draft,
        # Whoever posted an older version is still behind.
        "version": request.POST.get("version", draft.version if draft else 0),
        "waiting": request.POST.get("waiting", ""),
        "merged": around.merged,
        "others": around.others,
        "asides": forms.asides(draft, form) if draft else [],
        **more,
    }
    return render(request, "saves/new.html", context, status=status)


def lead_to(request, url):
    """Go to another page, also for a script that would put the answer into this one."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _clock(request, draft, opening, at):
    if request.method == "POST":
        return draft_queries.clock(dict(request.POST.lists()), opening, kept_at=at, at=at)
    answers, kept_at = (draft.answers, draft.kept_at) if draft else ({}, at)
    return draft_queries.clock(answers, opening, kept_at=kept_at, at=at)
