"""Letting people in, deciding what they may do, and showing them out."""

import copy
import secrets
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.access import rules
from apps.access.models import Authority, Invitation, Member, Role
from apps.calendars import actions as calendars
from apps.calendars import following
from apps.calendars import queries as working
from apps.core import mail
from apps.history import actions as history
from apps.users.models import Team, User


class Refused(Exception):
    """A change of access that a rule forbids; its text says so to the person who asked."""


class AlreadyHere(Refused):
    """The address belongs to somebody who has joined."""


class NotYours(Refused):
    """The role is one that the person may not give away."""


class LinkClosed(Refused):
    """The link was used, withdrawn or replaced, has run out, or never was one."""


class LastAdmin(Refused):
    """Nobody would be left who can change access."""


class Yourself(Refused):
    """People can't lock themselves out."""


@transaction.atomic
def invite(email, *, name, role, team, by, at):
    """Let an address join within a week; inviting it again replaces the link.

    Args:
        email: where the link will go; whoever follows it joins under this address.
        name: what colleagues will call them; they may correct it.
        role: one that `by` may give.
        team: the team they join, or None.
        by: who invites.
        at: now.

    Returns:
        The invitation, and the link, which is kept nowhere.

    Raises:
        AlreadyHere: somebody with this address has joined.
        NotYours: `by` may not invite to this role, or replace this invitation.
    """
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise AlreadyHere(_("Somebody with this address has joined already."))
    _check_may_give(role, by=by)
    waiting = Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None)
    if earlier := waiting.select_for_update().first():
        _check_may_give(earlier.role, by=by)
    secret = secrets.token_urlsafe(32)
    invitation, _created = Invitation.objects.update_or_create(
        email=email,
        accepted_at=None,
        withdrawn_at=None,
        defaults={
            "name": name,
            "role": role,
            "team": team,
            "invited_by": by,
            "created_at": at,
            "expires_at": at + timedelta(days=rules.INVITATION_DAYS),
            "secret_hash": rules.hash_secret(secret),
        },
    )
    return invitation, settings.PUBLIC_URL + reverse("access:invitation", args=[secret])


def _check_may_give(role, *, by):
    if role not in rules.INVITES[by.member.role]:
        raise NotYours(_("Only an admin can invite somebody to this role."))


def mail_invitation(invitation, *, link):
    """Send the link to the invited address; call it after the invitation is committed.

    It is sent at once and not by a worker, because only a hash of the link is kept.

    Raises:
        OSError: the mail server did not take it.
    """
    text = render_to_string(
        "access/email/invitation.txt",
        {"invitation": invitation, "link": link, "days": rules.INVITATION_DAYS},
    )
    subject = _("%(name)s invites you to Mainstay") % {"name": invitation.invited_by}
    mail.send_to_staff(to=invitation.email, subject=subject, text=text)


@transaction.atomic
def withdraw(invitation, *, by, at):
    """Make an invitation's link useless; one that was used stays used.

    Raises:
        NotYours: it invites to a role that `by` may not give.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _check_may_give(invitation.role, by=by)
    if invitation.accepted_at is None and invitation.withdrawn_at is None:
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])
    return invitation


@transaction.atomic
def accept(secret, *, name, password, at):
    """Let the holder of an open invitation join.

    Returns:
        The new user.

    Raises:
        LinkClosed: the link does not work (any more), or the address has joined meanwhile.
    """
    waiting = Invitation.objects.filter(secret_hash=rules.hash_secret(secret)).open(at)
    # Two clicks at once: the second waits here and then finds the link used.
    invitation = waiting.select_for_update().first()
    if invitation is None or User.objects.filter(email=invitation.email).exists():
        raise LinkClosed(_("This link does not work any more."))
    user = add_person(
        invitation.email,
        name=name,
        password=password,
        role=invitation.role,
        team=invitation.team,
        at=at,
    )
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return user


@transaction.atomic
def add_person(email, *, name, password, role, at, team=None):
    """Create somebody who may sign in; `accept` does it for the invited.

    Raises:
        AlreadyHere: somebody has this address.
    """
    if User.objects.filter(email=email.strip().lower()).exists():
        raise AlreadyHere(_("Somebody with this address has joined already."))
    user = User.objects.create_user(
        email.strip(),
        password,
        name=name,
        team=team,
        time_zone=team.time_zone if team else settings.TIME_ZONE,
        is_staff=role == Role.ADMIN,
        joined_at=at,
    )
    timeline = history.new_timeline()
    Member.objects.create(user=user, role=role, authority=rules.AUTHORITY[role], timeline=timeline)
    history.record("access.joined", timeline=timeline, by=user, at=at, subject=user, role=role)
    return user


def _hold(member):
    """Lock a member and every admin, so that two admins can't remove each other at once.

    Returns:
        The member as it is now, and whether it is the only active admin.
    """
    concerned = Q(pk=member.pk) | Q(role=Role.ADMIN, user__is_active=True)
    # The team is read afterwards: joined to a row that changes while this one waits, it would
    # seem to be none.
    rows = (
        Member.objects.filter(concerned)
        .select_related("user")
        .select_for_update(of=["self", "user"])
        .order_by("pk")
    )
    held = {row.pk: row for row in rows}
    member = held[member.pk]
    admins = [row.pk for row in held.values() if row.role == Role.ADMIN and row.user.is_active]
    return member, admins == [member.pk]


@transaction.atomic
def change_access(member, *, role, authority, team, by, at):
    """Set what somebody is, may promise and belongs to; from their next request on.

    Returns:
        True when anything changed.

    Raises:
        LastAdmin: the only admin would stop being one.
    """
    member, is_last_admin = _hold(member)
    if is_last_admin and role != Role.ADMIN:
        raise LastAdmin(_("Make somebody else an admin first."))
    user = member.user
    changes = [
        ("access.role_changed", member.role, role),
        ("access.authority_changed", member.authority, authority),
        ("access.team_changed", user.team.name if user.team else "", team.name if team else ""),
    ]
    changes = [(kind, before, after) for kind, before, after in changes if before != after]
    member.role, member.authority = Role(role), Authority(authority)
    member.save(update_fields=["role", "authority"])
    user.team, user.is_staff = team, role == Role.ADMIN
    user.save(update_fields=["team", "is_staff"])
    for kind, before, after in changes:
        history.record(
            kind,
            timeline=member.timeline,
            by=by,
            at=at,
            subject=user,
            before=before,
            after=after,
        )
    return bool(changes)


@transaction.atomic
def deactivate(member, *, by, at):
    """Close somebody's account and end all their sessions; what they did stays.

    Raises:
        Yourself: nobody closes their own account.
        LastAdmin: nobody else could open it again.
    """
    if member.pk == by.pk:
        raise Yourself(_("You can’t deactivate yourself. Ask another admin."))
    member, is_last_admin = _hold(member)
    if is_last_admin:
        raise LastAdmin(_("Make somebody else an admin first."))
    if member.user.is_active:
        member.user.is_active = False
        member.user.save(update_fields=["is_active"])
        for session in UserSession.objects.filter(user=member.user):
            session.end()
        history.record(
            "access.deactivated", timeline=member.timeline, by=by, at=at, subject=member.user
        )
    return member


@transaction.atomic
def reactivate(member, *, by, at):
    """Open a closed account again, with the role and the password it had."""
    member, _alone = _hold(member)
    if not member.user.is_active:
        member.user.is_active = True
        member.user.save(update_fields=["is_active"])
        history.record(
            "access.reactivated", timeline=member.timeline, by=by, at=at, subject=member.user
        )
    return member


@transaction.atomic
def update_profile(user, *, name, time_zone, has_shortcuts, theme, at):
    """Write what somebody says of themselves; no part of it decides what they may do.

    Another time zone stands in their history: their working time and their digest follow it.
    """
    before = User.objects.select_for_update().get(pk=user.pk).time_zone
    if time_zone != before:
        history.record(
            "access.time_zone_changed",
            timeline=user.member.timeline,
            by=user,
            at=at,
            subject=user,
            before=before,
            after=time_zone,
        )
    user.name, user.time_zone = name, time_zone
    user.has_shortcuts, user.theme = has_shortcuts, theme
    user.save(update_fields=["name", "time_zone", "has_shortcuts", "theme"])
    return user


@transaction.atomic
def try_person(user, **fields):
    """Return which moments would move if somebody's row said something else; nothing stays of it.

    Args:
        user: whose working time may be another one then.
        **fields: what the row would say: `team` or `time_zone`.
    """
    user = copy.copy(user)
    for name, value in fields.items():
        setattr(user, name, value)
    user.save(update_fields=list(fields))
    moves = following.find(following.Whose(people=frozenset({user.pk})))
    transaction.set_rollback(True)
    return moves


@transaction.atomic
def set_theme(user, theme):
    """Remember how somebody likes the interface to look."""
    user.theme = theme
    user.save(update_fields=["theme"])
    return user


@transaction.atomic
def save_team(team, *, by, at):
    """Write a team as an admin edited it, and say so in the admin's own history.

    Whether a team is private decides who sees its customers, so it must leave a trace; a
    team has no timeline of its own, since teams lie below history. What waits in its queues and
    is due in working time moves at once.
    """
    earlier = Team.objects.select_for_update().filter(pk=team.pk).first()
    changes = {
        field: [str(getattr(earlier, field)) if earlier else "", str(getattr(team, field))]
        for field in ["name", "time_zone", "is_private", "lead", "manager"]
        if earlier is None or getattr(earlier, field) != getattr(team, field)
    }
    team.save()
    following.move(_of_team(team), at=at)
    if changes:
        history.record(
            "access.team_saved",
            timeline=by.member.timeline,
            by=by,
            at=at,
            subject=team,
            name=team.name,
            changes=changes,
        )
    return team


@transaction.atomic
def try_team(team):
    """Return which moments would move if a team were saved so; nothing stays of it.

    Args:
        team: the row, new or edited.
    """
    team = copy.copy(team)
    team.save()
    moves = following.find(_of_team(team))
    transaction.set_rollback(True)
    return moves


def _of_team(team):
    # Its people have zones of their own: its zone counts for what nobody has yet.
    return following.Whose(teams=frozenset({team.pk}))


@transaction.atomic
def save_calendar(calendar, *, by, at, **parts):
    """Write a calendar as an admin edited it, and say so in the admin's own history.

    Like a team, a calendar lies below the history and has no timeline of its own. What is due in
    working time moves at once.

    Args:
        calendar: the row, new or edited.
        by: the admin.
        at: now.
        **parts: what `apps.calendars.actions.save_calendar` takes.

    Raises:
        NoWorkingTime: nobody would ever work.
    """
    is_new = calendar.pk is None
    following.move(_written(calendar, parts), at=at)
    history.record(
        "access.calendar_saved",
        timeline=by.member.timeline,
        by=by,
        at=at,
        subject=calendar,
        name=calendar.name,
        is_new=is_new,
    )
    return calendar


@transaction.atomic
def try_calendar(calendar, **parts):
    """Return which moments would move if a calendar were saved so; nothing stays of it.

    It is saved and taken back: so what is said before is what will be done, whoever the calendar
    is given to or taken from.

    Args:
        calendar: the row, new or edited.
        **parts: what `apps.calendars.actions.save_calendar` takes.
    """
    moves = following.find(_written(copy.copy(calendar), parts))
    transaction.set_rollback(True)
    return moves


def _written(calendar, parts):
    """Write a calendar; return who works by it now, or did before."""
    before = working.whose(calendar)
    calendars.save_calendar(calendar, **parts)
    return before | working.whose(calendar)


@transaction.atomic
def go_away(user, *, by, at, **said):
    """Write down when somebody is out of office; it stands in their history.

    Args:
        user: who is away.
        by: who says so: themselves, or who leads them.
        at: now.
        **said: what `apps.calendars.actions.go_away` takes.

    Raises:
        Refused: they, or who stands in, are away on one of these days already.
    """
    try:
        absence, is_new = calendars.go_away(user, **said)
    except calendars.AwayAlready as error:
        raise Refused(_("There is an absence on one of these days. Remove it first.")) from error
    except calendars.StandInAway as error:
        words = _("Whoever should stand in is away on one of these days. Choose somebody else.")
        raise Refused(words) from error
    if is_new:
        _record_absence("access.went_away", absence, by=by, at=at)
    return absence


@transaction.atomic
def come_back(absence, *, by, at):
    """Take an absence back; it stands in the person's history. Again, it changes nothing."""
    if calendars.come_back(absence):
        _record_absence("access.came_back", absence, by=by, at=at)


def _record_absence(kind, absence, *, by, at):
    history.record(
        kind,
        timeline=absence.user.member.timeline,
        by=by,
        at=at,
        subject=absence.user,
        starts_on=absence.starts_on.isoformat(),
        ends_on=absence.ends_on.isoformat(),
        stand_in=str(absence.stand_in or ""),
    )
