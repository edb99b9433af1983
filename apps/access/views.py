"""People: who works here, what they may do, and your own account."""

from zoneinfo import ZoneInfo

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from apps.access import actions, forms, queries
from apps.access.models import Invitation
from apps.calendars.forms import Away
from apps.calendars.models import OutOfOffice
from apps.core.policy import policy

BOTH = ("GET", "POST")


def _sent(request):
    return request.POST if request.method == "POST" else None


@policy("access.view_people")
def people(request):
    """List colleagues, and who has been invited."""
    return render(request, "access/people.html", {"page": queries.people(timezone.now())})


@policy("access.invite", methods=BOTH)
def invite(request):
    """Ask somebody to join, by a link that goes to their address."""
    form = forms.Invite(_sent(request), by=request.user)
    if not form.is_valid():
        return _form(request, "access/invite.html", form)
    try:
        invitation, link = actions.invite(**form.cleaned_data, by=request.user, at=timezone.now())
    except actions.Refused as error:
        form.add_error("email", str(error))
        return _form(request, "access/invite.html", form)
    return _send(request, invitation, link)


def _send(request, invitation, link):
    """Mail the link; where no mail leaves, show it this once, to be handed over."""
    context = {"invitation": invitation, "link": link}
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return render(request, "access/invited.html", context)
    try:
        actions.mail_invitation(invitation, link=link)
    except OSError:
        return render(request, "access/invited.html", {**context, "failed": True})
    messages.success(request, _("Invitation sent to %(email)s.") % {"email": invitation.email})
    return redirect("access:people")


def _form(request, template, form, **context):
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def _unseen(request, user, form, *, field):
    """Return what would move with another team or time zone and was not shown yet, or None."""
    if field not in form.changed_data:
        return None
    moves = actions.try_person(user, **{field: form.cleaned_data[field]})
    return moves if moves.count and moves.key != request.POST.get("moves") else None


@policy("access.invite", methods=("POST",))
def withdraw(request, pk):
    """Make an invitation's link useless."""
    invitation = get_object_or_404(Invitation, pk=pk)
    try:
        actions.withdraw(invitation, by=request.user, at=timezone.now())
    except actions.NotYours as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Invitation withdrawn. The link does not work any more."))
    return redirect("access:people")


@policy(public=True, why="Who is invited has no account yet; the link is the proof.", methods=BOTH)
def invitation(request, secret):
    """Show an invitation; sent with a password, it lets its holder in, once."""
    found = queries.invitation(secret, at=timezone.now())
    if found is None:
        return render(request, "access/closed.html", status=404)
    form = forms.Join(_sent(request), email=found.email, initial={"name": found.name})
    if not form.is_valid():
        return _form(request, "access/join.html", form, invitation=found)
    try:
        user = actions.accept(secret, **form.cleaned_data, at=timezone.now())
    except actions.LinkClosed:
        return render(request, "access/closed.html", status=404)
    return perform_login(request, user)


@policy("access.view_people")
def person(request, pk):
    """Show what a colleague may do, and how that came about."""
    user = get_object_or_404(queries.colleagues(), pk=pk)
    return _person(request, user, _access_form(user))


def _access_form(user, data=None):
    initial = {"role": user.member.role, "authority": user.member.authority, "team": user.team_id}
    return forms.Access(data, initial=initial)


def _person(request, user, form, *, moves=None):
    context = {
        "person": user,
        "moves": moves,
        "events": queries.latest_events(user.member),
        "is_led": queries.led_by(request.user).filter(pk=user.pk).exists(),
    }
    return _form(request, "access/person.html", form, **context)


@policy("access.change_people", methods=("POST",))
def role(request, pk):
    """Set a colleague's role, authority and team; what another team moves is shown before."""
    user = get_object_or_404(queries.colleagues(), pk=pk)
    form = _access_form(user, request.POST)
    if not form.is_valid():
        return _person(request, user, form)
    if moves := _unseen(request, user, form, field="team"):
        return _person(request, user, form, moves=moves)
    try:
        actions.change_access(user.member, **form.cleaned_data, by=request.user, at=timezone.now())
    except actions.LastAdmin as error:
        form.add_error("role", str(error))
        return _person(request, user, form)
    messages.success(request, _("Saved. It counts from %(name)s’s next click.") % {"name": user})
    return redirect("access:person", pk)


@policy("access.change_people", methods=("POST",))
def deactivate(request, pk):
    """Close a colleague's account and end their sessions."""
    user = get_object_or_404(queries.colleagues(), pk=pk)
    try:
        actions.deactivate(user.member, by=request.user, at=timezone.now())
    except actions.Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s can’t sign in any more.") % {"name": user})
    return redirect("access:person", pk)


@policy("access.change_people", methods=("POST",))
def reactivate(request, pk):
    """Open a closed account again."""
    user = get_object_or_404(queries.colleagues(), pk=pk)
    actions.reactivate(user.member, by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s can sign in again.") % {"name": user})
    return redirect("access:person", pk)


@policy(signed_in=True, methods=BOTH)
def me(request):
    """Show and change your own account; what another time zone moves is shown before."""
    fields = ["name", "time_zone", "theme", "has_shortcuts"]
    initial = {field: getattr(request.user, field) for field in fields}
    form = forms.Profile(_sent(request), initial=initial)
    if not form.is_valid():
        return _form(request, "access/me.html", form)
    if moves := _unseen(request, request.user, form, field="time_zone"):
        return _form(request, "access/me.html", form, moves=moves)
    actions.update_profile(request.user, **form.cleaned_data, at=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("access:me")


@policy(signed_in=True, methods=("POST",))
def theme(request):
    """Change the colours from the menu."""
    form = forms.Theme(request.POST)
    if not form.is_valid():
        raise BadRequest
    actions.set_theme(request.user, form.cleaned_data["theme"])
    if request.htmx:
        return HttpResponse(status=204)
    back = request.POST.get("next", "")
    hosts, secure = {request.get_host()}, request.is_secure()
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=hosts, require_https=secure)
    return redirect(back if safe else "access:me")


@policy(signed_in=True, methods=BOTH)
def my_working_time(request):
    """Show when you work and when you are away, and take a new absence."""
    return _working_time(request, request.user, redirect("access:my-working-time"))


@policy("access.view_people", methods=BOTH)
def working_time(request, pk):
    """The same of a colleague whom you lead."""
    user = get_object_or_404(queries.led_by(request.user), pk=pk)
    return _working_time(request, user, redirect("access:working-time", pk))


def _working_time(request, user, done):
    today = timezone.now().astimezone(ZoneInfo(user.time_zone)).date()
    form = Away(_sent(request), user=user, today=today)
    if form.is_valid():
        try:
            actions.go_away(user, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.Refused as error:
            form.add_error("starts_on", str(error))
        else:
            messages.success(request, _("Saved."))
            return done
    page = queries.working_time(user, today=today)
    return _form(request, "access/working_time.html", form, person=user, page=page)


@policy(signed_in=True, methods=("POST",))
def come_back(request, pk):
    """Take an absence back: your own, or that of somebody whom you lead."""
    absence = get_object_or_404(OutOfOffice.objects.select_related("user__member"), pk=pk)
    is_mine = absence.user_id == request.user.pk
    if not is_mine:
        get_object_or_404(queries.led_by(request.user), pk=absence.user_id)
    actions.come_back(absence, by=request.user, at=timezone.now())
    messages.success(request, _("Removed."))
    if is_mine:
        return redirect("access:my-working-time")
    return redirect("access:working-time", absence.user_id)


@policy(public=True, why="Only says that people join by invitation.")
def uninvited(request):
    """Send whoever looks for a sign-up page to where it is explained."""
    return redirect("account_login")
