"""The record, its people and its marks: each page is one form."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apps.accounts import actions, forms, queries, rules
from apps.accounts.models import Account, Contact, Identity
from apps.accounts.views.common import BOTH, done, fetch, sent, show
from apps.core.policy import policy
from apps.workspace import queries as workspace
from apps.workspace.actions import new_key


@policy("accounts.add", methods=BOTH)
def new(request):
    """Add a customer; a form that comes twice leads to the same one."""
    form = forms.AccountForm(sent(request), user=request.user, initial=_first_guess(request.user))
    if form.is_bound and (earlier := _made_before(form, request.user)):
        return _next_their_person(request, earlier)
    page = {"title": _("New customer"), "button": _("Add customer"), "template": "details"}
    page["calling"] = _calling(request)
    if not form.is_valid():
        return show(request, form, **page)
    details = {"owner": request.user, **form.cleaned_data}
    try:
        account = actions.create(by=request.user, at=timezone.now(), **details)
    except actions.Refused as error:
        form.add_error("reference" if isinstance(error, actions.ReferenceTaken) else None, error)
        return show(request, form, **page)
    messages.success(request, _("Customer added."))
    return _next_their_person(request, account)


def _calling(request):
    """The number of whoever is on the phone meanwhile, or nothing."""
    return request.GET.get("phone", "")[:40]


def _next_their_person(request, account):
    """Lead to the new customer; while somebody calls, on to writing down who that is."""
    number = _calling(request)
    if not number:
        return redirect(account)
    url = reverse("accounts:contact-new", args=[account.pk])
    return redirect(f"{url}?{urlencode({'phone': number})}")


def _first_guess(user):
    """What a new customer most likely is."""
    zone = user.team.time_zone if user.team else user.time_zone
    return {
        "key": new_key(),
        "currency": workspace.current().currency,
        "owner": user.pk,
        "team": user.team_id,
        "time_zone": zone,
    }


def _made_before(form, user):
    """Return the customer that this very form made when it was sent before."""
    form.is_valid()
    key = form.cleaned_data.get("key")
    made = key and queries.made_with(key, by=user, purpose="accounts.new")
    return Account.objects.visible_to(user).filter(pk=made).first() if made else None


@policy("accounts.assign", methods=BOTH)
def owner(request, pk):
    """Put a customer into somebody's hands."""
    account = fetch(request, pk)
    form = forms.OwnerForm(sent(request), account=account)
    page = {"title": _("Change owner"), "button": _("Change owner")}
    if not form.is_valid():
        return show(request, form, account=account, **page)
    to, shown = form.cleaned_data["owner"], form.cleaned_data["shown"]
    try:
        actions.change_owner(account, to=to, shown=shown, by=request.user, at=timezone.now())
    except actions.ChangedMeanwhile as error:
        form.meet(error.newest)
        return show(request, form, account=account, status=409, **page)
    return done(request, account, _("Owner changed."))


@policy("accounts.change", methods=BOTH)
def stage(request, pk):
    """Move a customer to another stage, with a reason."""
    account = fetch(request, pk)
    form = forms.StageForm(sent(request), initial={"stage": account.stage})
    page = {"title": _("Change stage"), "button": _("Change stage")}
    if not form.is_valid():
        return show(request, form, account=account, **page)
    said = {"to": form.cleaned_data["stage"], "reason": form.cleaned_data["reason"]}
    said["shown"] = form.cleaned_data["shown"]
    try:
        actions.change_stage(account, by=request.user, at=timezone.now(), **said)
    except actions.ChangedMeanwhile as error:
        form.meet(error.newest)
        return show(request, form, account=account, status=409, **page)
    return done(request, account, _("Stage changed."))


@policy("accounts.override_tier", methods=BOTH)
def tier(request, pk):
    """Choose a tier by hand, or let it follow the MRR again."""
    account = fetch(request, pk)
    form = forms.TierForm(sent(request), initial={"tier": rules.chosen_tier(account)})
    page = {"title": _("Change tier"), "button": _("Change tier")}
    if not form.is_valid():
        return show(request, form, account=account, **page)
    try:
        _grade(account, form.cleaned_data, by=request.user, at=timezone.now())
    except actions.ChangedMeanwhile as error:
        form.meet(error.newest)
        return show(request, form, account=account, status=409, **page)
    return done(request, account, _("Tier changed."))


def _grade(account, given, **who):
    """Set the tier that a form chooses, or let it follow the MRR."""
    if given["tier"]:
        actions.override_tier(account, **given, **who)
    else:
        actions.tier_by_thresholds(account, shown=given["shown"], **who)


@policy("accounts.change", methods=BOTH)
def contact_new(request, pk):
    """Add a person at a customer; a form that comes twice adds one."""
    account, number = fetch(request, pk), _calling(request)
    first = {"key": new_key(), "phone": number}
    form = forms.ContactForm(sent(request), account=account, initial=first)
    page = {"title": _("Add a contact"), "button": _("Add contact"), "calling": number}
    if not form.is_valid():
        return show(request, form, account=account, **page)
    who = {"by": request.user, "at": timezone.now()}
    try:
        saved = actions.add_contact(account, **form.cleaned_data, **who)
    except actions.FormUsed as error:
        form.add_error(None, error)
        return show(request, form, account=account, **page)
    warn(request, saved.elsewhere)
    messages.success(request, _("Contact added."))
    if not number:
        return redirect(account)
    url = reverse("saves:new", args=[account.pk])
    return redirect(f"{url}?{urlencode({'contact': saved.contact.pk})}")


def warn(request, elsewhere):
    """Say which addresses and numbers stay with other customers."""
    names = queries.names_for([each.account for each in elsewhere], user=request.user)
    for identity, name in zip(elsewhere, names, strict=True):
        words = {"value": identity.value, "name": name or _("another customer")}
        messages.warning(request, _("%(value)s stays the mark of %(name)s.") % words)


def find_contact(account, contact_pk):
    """Fetch a person who is at a customer."""
    people = Contact.objects.live().select_related("account")
    return get_object_or_404(people, account=account, pk=contact_pk)


@policy("accounts.change", methods=BOTH)
def permission(request, pk, contact_pk):
    """Write down what a person said about being contacted."""
    account, now = fetch(request, pk), timezone.now()
    contact = find_contact(account, contact_pk)
    form = forms.PermissionForm(sent(request), account=account, at=now)
    if not form.is_valid():
        title = _("May we contact %(name)s?") % {"name": contact.name}
        return show(request, form, account=account, title=title, button=_("Save permission"))
    actions.record_permission(contact, by=request.user, at=now, **form.answers())
    return done(request, account, _("Permission saved."))


@policy("accounts.change", methods=BOTH)
def identity_new(request, pk):
    """Let a customer be recognised by one more address, number or name."""
    account = fetch(request, pk)
    home = rules.region(account.time_zone, account.currency)
    form = forms.IdentityForm(sent(request), home=home)
    page = {"title": _("Recognise them by more"), "button": _("Add")}
    if not form.is_valid():
        return show(request, form, account=account, **page)
    who = {"by": request.user, "at": timezone.now()}
    try:
        actions.add_identity(account, **form.cleaned_data, **who)
    except actions.Refused as error:
        form.add_error("value", error)
        return show(request, form, account=account, **page)
    return done(request, account, _("They are recognised by it from now on."))


@policy("accounts.change", methods=BOTH)
def identity_remove(request, pk, identity_pk):
    """Stop recognising a customer by something; asks first, since it may be found nowhere else."""
    account = fetch(request, pk)
    rows = Identity.objects.select_related("account")
    identity = get_object_or_404(rows, account=account, pk=identity_pk)
    if request.method != "POST":
        context = {"account": account, "identity": identity}
        return render(request, "accounts/identity_remove.html", context)
    actions.remove_identity(identity, by=request.user, at=timezone.now())
    return done(request, account, _("They are not recognised by it any more."))
