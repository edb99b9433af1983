"""Taking customers and contacts away, and bringing them back."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import actions, family, rules
from apps.accounts.forms.merge import RemovalForm
from apps.accounts.models import Account, Contact
from apps.accounts.queries import removed as removed_queries
from apps.accounts.views.common import BOTH, done, sent
from apps.core.policy import policy


@policy("accounts.remove", methods=BOTH)
def remove(request, pk):
    """Take a customer away, with a reason."""
    account = family.find(pk, user=request.user)
    form = RemovalForm(sent(request))
    if not form.is_valid():
        context = {"account": account, "form": form, "days": rules.RESTORE_FOR.days}
        status = 422 if form.is_bound else 200
        return render(request, "accounts/remove.html", context, status=status)
    actions.remove_account(account, by=request.user, at=timezone.now(), **form.cleaned_data)
    return redirect("accounts:removed", account.pk)


def _within(user):
    """For how long somebody may bring back what was removed."""
    return rules.RESTORE_FOR if user.has_perm("accounts.restore") else rules.UNDO_FOR


def _removed(request, rows, pk):
    """Fetch what was removed, for admins and for who did it; for others it is not there."""
    row = get_object_or_404(rows.select_related("removed_by"), pk=pk, removed_at__isnull=False)
    if not family.may_restore(row, request.user):
        raise Http404
    return row


def _gone_page(request, row, account, *, status=200):
    until = row.removed_at + _within(request.user)
    context = {"row": row, "account": account, "until": until, "may": timezone.now() < until}
    return render(request, "accounts/removed.html", context, status=status)


@policy("accounts.remove")
def removed(request, pk):
    """Say that a customer was removed, with the button that brings it back."""
    rows = Account.objects.in_sight_of(request.user)
    account = _removed(request, rows, pk)
    return _gone_page(request, account, account)


@policy("accounts.remove", methods=("POST",))
def restore(request, pk):
    """Bring a customer back."""
    rows = Account.objects.in_sight_of(request.user)
    if account := rows.live().filter(pk=pk).first():
        return redirect(account)  # sent twice
    account = _removed(request, rows, pk)
    within = _within(request.user)
    try:
        actions.restore_account(account, by=request.user, at=timezone.now(), within=within)
    except actions.RestoreTooLate:
        return _gone_page(request, account, account, status=422)
    return done(request, account, _("%(name)s is back.") % {"name": account.name})


def _contacts(request, pk):
    account = family.find(pk, user=request.user)
    return account, Contact.objects.select_related("account").filter(account=account)


@policy("accounts.change", methods=BOTH)
def contact_remove(request, pk, contact_pk):
    """Take a person at a customer away; asks first."""
    account, rows = _contacts(request, pk)
    contact = get_object_or_404(rows.live(), pk=contact_pk)
    if request.method != "POST":
        context = {"account": account, "contact": contact, "days": rules.RESTORE_FOR.days}
        return render(request, "accounts/contact_remove.html", context)
    actions.remove_contact(contact, by=request.user, at=timezone.now())
    return redirect("accounts:contact-removed", account.pk, contact.pk)


@policy("accounts.change")
def contact_removed(request, pk, contact_pk):
    """Say that a person was removed, with the button that brings them back."""
    account, rows = _contacts(request, pk)
    return _gone_page(request, _removed(request, rows, contact_pk), account)


@policy("accounts.change", methods=("POST",))
def contact_restore(request, pk, contact_pk):
    """Bring a person at a customer back."""
    account, rows = _contacts(request, pk)
    if rows.live().filter(pk=contact_pk).exists():
        return redirect(account)  # sent twice
    contact = _removed(request, rows, contact_pk)
    within = _within(request.user)
    try:
        actions.restore_contact(contact, by=request.user, at=timezone.now(), within=within)
    except actions.RestoreTooLate:
        return _gone_page(request, contact, account, status=422)
    return done(request, account, _("%(name)s is back.") % {"name": contact.name})


@policy("accounts.restore")
def recycle_bin(request):
    """List what was removed in the last thirty days."""
    kind = "contacts" if request.GET.get("show") == "contacts" else "customers"
    page = removed_queries.latest(kind, at=timezone.now(), cursor=request.GET.get("at", ""))
    context = {"page": page, "kind": kind, "days": rules.RESTORE_FOR.days}
    return render(request, "accounts/bin.html", context)
