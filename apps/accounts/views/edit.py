"""Correcting a customer and a contact, while somebody else may do the same."""

from functools import wraps

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import actions, conflict, custom, forms
from apps.accounts.models import Account, Contact
from apps.accounts.views.common import BOTH, done, fetch, sent, show
from apps.accounts.views.record import find_contact, warn
from apps.accounts.words import LABELS
from apps.core.errors import Gone
from apps.core.policy import policy
from apps.workspace.actions import presence as presences


def _keeping_what_was_typed(view):
    """Answer a form for what is gone with where it went, and with everything that was typed."""

    @wraps(view)
    def answer(request, pk, **more):
        try:
            return view(request, pk, **more)
        except Gone as gone:
            if request.method != "POST":
                raise
            subject = Contact(pk=more["contact_pk"]) if more else Account(pk=pk)
            typed = _typed(request, subject)
            context = {"text": str(gone), "where": gone.url, "typed": typed}
            return render(request, "accounts/gone.html", context, status=410)

    return answer


def _typed(request, subject):
    """Return pairs of a label and what somebody wrote other than what the form showed."""
    showed, _meeting = conflict.unseal(request.POST.get("opened"), subject=subject)
    labels = {**LABELS, **{each.name: each.label for each in custom.definitions()}}
    data = {name: request.POST[name] for name in labels if request.POST.get(name)}
    # A team is sent as a number, and was chosen rather than typed.
    data.pop("team", None)
    return [(labels[name], text) for name, text in data.items() if text != showed.get(name)]


def _fetch(request, pk):
    """Fetch a customer; a form for one that was removed is answered in words."""
    try:
        return fetch(request, pk)
    except Http404:
        removed = Account.objects.in_sight_of(request.user).filter(removed_at__isnull=False)
        account = removed.filter(pk=pk).first()
        if account is None or request.method != "POST":
            raise
        raise actions.Removed(account) from None


def _fetch_contact(request, account, pk):
    """Fetch a contact; a form for one that was removed is answered in words."""
    try:
        return find_contact(account, pk)
    except Http404:
        removed = Contact.objects.filter(account=account, pk=pk).select_related("account").first()
        if removed is None or request.method != "POST":
            raise
        raise actions.ContactGone(removed) from None


def _save(request, form, save, page):
    """Save what a form says, as often as others are faster; ask where both changed something.

    Args:
        request: the request.
        form: for the record as this page knows it.
        save: takes a valid form; saves and answers, or refuses.
        page: what the form's page is shown with.
    """
    while form.is_valid():
        try:
            return save(form)
        except Gone:
            raise
        except actions.ChangedMeanwhile as error:
            form = form.meet(error.newest)
        except actions.Refused as error:
            form.add_error(
                "reference" if isinstance(error, actions.ReferenceTaken) else None, error
            )
    return show(request, form, status=409 if form.has_met and form.others() else None, **page)


@policy("accounts.change", methods=BOTH)
@_keeping_what_was_typed
def edit(request, pk):
    """Correct a customer's details; who was slower sees what the faster one saved."""
    account = _fetch(request, pk)
    form = forms.AccountForm(sent(request), user=request.user, instance=account)
    page = {"title": _("Edit details"), "button": _("Save details"), "template": "details"}

    def save(form):
        actions.edit(account, by=request.user, at=timezone.now(), **form.cleaned_data)
        return done(request, account, form.saved_words(_("Details saved.")))

    return _save(request, form, save, {"account": account, **page})


@policy("accounts.change", methods=BOTH)
@_keeping_what_was_typed
def contact_edit(request, pk, contact_pk):
    """Correct what is known of a person; who was slower sees what the faster one saved."""
    account = _fetch(request, pk)
    contact = _fetch_contact(request, account, contact_pk)
    form = forms.ContactForm(sent(request), account=account, instance=contact)
    page = {"title": contact.name, "button": _("Save contact"), "contact": contact}

    def save(form):
        who = {"by": request.user, "at": timezone.now()}
        saved = actions.edit_contact(contact, **form.cleaned_data, **who)
        warn(request, saved.elsewhere)
        return done(request, account, form.saved_words(_("Contact saved.")))

    return _save(request, form, save, {"account": account, "template": "contact", **page})


@policy("accounts.change", methods=("POST",))
def presence(request, pk):
    """Hear from a page that shows a customer's form, and say who else has it open."""
    return _present(request, fetch(request, pk))


@policy("accounts.change", methods=("POST",))
def contact_presence(request, pk, contact_pk):
    """Hear from a page that shows a person's form, and say who else has it open."""
    return _present(request, find_contact(fetch(request, pk), contact_pk))


def _present(request, subject):
    now = timezone.now()
    if request.POST.get("left"):
        presences.left(request.user, subject, at=now)
        return HttpResponse(status=204)
    presences.seen(request.user, subject, at=now)
    people = presences.others(subject, but=request.user, at=now)
    return render(request, "accounts/_presence.html", {"people": people})
