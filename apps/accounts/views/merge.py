"""Making two records of one customer one, and two again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import actions, family
from apps.accounts.forms.merge import MergeForm
from apps.accounts.models import Account, Merge
from apps.accounts.queries import duplicates as duplicate_queries
from apps.accounts.queries import merging, twins
from apps.accounts.views.common import BOTH, done, sent
from apps.core.policy import policy
from apps.core.templatetags.mainstay import day
from apps.workspace.actions import new_key

ROWS = Account.objects.select_related("owner", "team")


@policy("accounts.merge")
def duplicates(request):
    """List pairs of records that may be one customer, the likeliest first."""
    context = {"pairs": duplicate_queries.pairs(request.user)}
    return render(request, "accounts/duplicates.html", context)


@policy("accounts.merge")
def merge(request, pk):
    """Choose the record that may be the same customer."""
    account = family.find(pk, user=request.user)
    text = request.GET.get("q", "").strip()[:120]
    found = (
        twins.search(text, account, user=request.user)
        if text
        else twins.candidates(account, user=request.user)
    )
    context = {"account": account, "text": text, "found": found}
    return render(request, "accounts/merge.html", context)


@policy("accounts.merge", methods=BOTH)
def merge_with(request, pk, other):
    """Decide field by field, and merge."""
    if pk == other:
        raise Http404
    done_before = Merge.objects.filter(
        kept=pk, given_up=other, merged_by=request.user, undone_at=None
    ).select_related("kept")
    if request.method == "POST" and (earlier := done_before.first()):
        return redirect(earlier.kept)  # the form came twice
    kept, given_up = (family.find(each, user=request.user, rows=ROWS) for each in (pk, other))
    first = {"key": new_key()}
    form = MergeForm(sent(request), kept=kept, other=given_up, initial=first)
    if not form.is_valid():
        return _compare(request, form, status=422 if form.is_bound else 200)
    who, given = {"by": request.user, "at": timezone.now()}, form.cleaned_data
    try:
        row = actions.merge(kept, given_up, **given, **who)
    except actions.PairChanged as error:
        form.show_newer()
        form.add_error(None, error)
        return _compare(request, form, status=409)
    except (actions.CurrenciesDiffer, actions.LeftBeforeStart) as error:
        form.add_error(None, error)
        return _compare(request, form, status=422)
    return done(request, kept, _("Merged. You can part them again until %(day)s.") % _until(row))


def _until(row):
    return {"day": day(row.undo_until, "in")}


def _compare(request, form, *, status):
    at = timezone.now()
    context = {
        "account": form.kept,
        "other": form.other,
        "form": form,
        "until": Merge(merged_at=at).undo_until,
        "moves": merging.what_moves(form.kept, form.other),
    }
    return render(request, "accounts/merge_with.html", context, status=status)


@policy("accounts.merge", methods=BOTH)
def unmerge(request, pk, merge_pk):
    """Part two records again; asks first, and says afterwards what was spared."""
    account = family.find(pk, user=request.user)
    rows = Merge.objects.select_related("given_up", "merged_by")
    row = get_object_or_404(rows, kept=account, pk=merge_pk)
    if row.undone_at:
        return redirect(account)
    context = {"account": account, "merge": row, "may": row.can_undo(timezone.now())}
    if request.method != "POST":
        return render(request, "accounts/unmerge.html", context)
    try:
        parted = actions.unmerge(row, by=request.user, at=timezone.now())
    except actions.UnmergeTooLate:
        return render(request, "accounts/unmerge.html", context, status=422)
    for text in merging.spared_in_words(parted.spared):
        messages.warning(request, text)
    words = {"name": row.given_up.name}
    return done(request, account, _("%(name)s is a record of its own again.") % words)
