"""Invitations, roles, closing accounts: what changes, what is remembered, what is refused."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from apps.access import actions
from apps.access.models import Invitation
from apps.history.models import Event
from apps.users.models import User
from tests.factories.users import TeamFactory, make_person
from tests.meanwhile import follow

PASSWORD = "a long and quiet evening"


@pytest.fixture
def invite(admin, team, now):
    """Invite somebody: `invite()`; returns the invitation and the link's secret."""

    def do(email="guest@example.com", **options):
        options = {"name": "Guest", "role": "agent", "team": team, "by": admin, "at": now} | options
        invitation, link = actions.invite(email, **options)
        return invitation, link.rstrip("/").rpartition("/")[2]

    return do


def kinds(member):
    return [event.kind for event in Event.objects.on(member.timeline).order_by("id")]


def latest(member):
    return Event.objects.on(member.timeline).order_by("-id").first()


def test_an_invitation_keeps_no_secret(invite, settings, now, admin, team):
    settings.PUBLIC_URL = "https://mainstay.example"

    invitation, link = actions.invite(
        " Guest@Example.com ", name="Guest", role="agent", team=team, by=admin, at=now
    )

    secret = link.rstrip("/").rpartition("/")[2]
    assert link == "https://mainstay.example" + reverse("access:invitation", args=[secret])
    stored = Invitation.objects.values().get()
    assert secret not in str(stored)
    assert stored["email"] == "guest@example.com"
    assert invitation.expires_at == now + timedelta(days=7)


def test_inviting_again_replaces_the_link(invite, now):
    first, old = invite()
    second, new = invite("GUEST@example.com", name="Grace")

    assert first.pk == second.pk
    assert Invitation.objects.get().name == "Grace"
    with pytest.raises(actions.LinkClosed):
        actions.accept(old, name="Guest", password=PASSWORD, at=now)
    assert actions.accept(new, name="Grace", password=PASSWORD, at=now).email == "guest@example.com"


def test_an_invitation_that_ran_out_can_be_sent_again(invite, now):
    invite()
    later = now + timedelta(days=8)

    _invitation, secret = invite(at=later)

    assert actions.accept(secret, name="Guest", password=PASSWORD, at=later).pk


def test_a_colleague_is_not_invited_again(invite, agent):
    with pytest.raises(actions.AlreadyHere):
        invite(agent.email.upper())


def test_a_manager_invites_agents_only(invite, manager):
    invite("one@example.com", by=manager)

    for role in ("manager", "admin"):
        with pytest.raises(actions.NotYours):
            invite("two@example.com", role=role, by=manager)
    assert [each.email for each in Invitation.objects.all()] == ["one@example.com"]


def test_a_manager_does_not_replace_the_invitation_of_an_admin(invite, manager):
    invitation, _secret = invite(role="admin")

    with pytest.raises(actions.NotYours):
        invite(by=manager)
    with pytest.raises(actions.NotYours):
        actions.withdraw(invitation, by=manager, at=invitation.created_at)


def test_an_agent_invites_nobody(invite, agent):
    with pytest.raises(actions.NotYours):
        invite(by=agent)


def test_the_mail_carries_the_link_and_nothing_to_inject(invite, admin, now, team):
    admin.name = "Iris\nBcc: all@example.com"
    invitation, link = actions.invite(
        "guest@example.com", name="O'Neil & <b>", role="agent", team=team, by=admin, at=now
    )

    actions.mail_invitation(invitation, link=link)

    message = mail.outbox[0]
    assert (message.to, message.recipients()) == (["guest@example.com"], ["guest@example.com"])
    assert message.subject == "Iris Bcc: all@example.com invites you to Mainstay"
    assert link in message.body
    assert "Hello O'Neil & <b>," in message.body


@pytest.mark.parametrize(("role", "authority"), [("agent", "agent"), ("manager", "manager")])
def test_accepting_creates_a_colleague(invite, now, team, role, authority):
    invitation, secret = invite(role=role)

    user = actions.accept(secret, name="Grace", password=PASSWORD, at=now)

    assert (user.email, user.name, user.team, user.time_zone) == (
        "guest@example.com",
        "Grace",
        team,
        "Europe/London",
    )
    assert (user.member.role, user.member.authority, user.is_staff) == (role, authority, False)
    assert user.check_password(PASSWORD)
    event = latest(user.member)
    assert (event.kind, event.actor, event.payload) == ("access.joined", user, {"role": role})
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.accepted_at) == (user, now)


def test_an_invited_admin_may_open_the_settings(invite, now):
    _invitation, secret = invite(role="admin", team=None)

    user = actions.accept(secret, name="Grace", password=PASSWORD, at=now)

    assert (user.is_staff, user.team, user.time_zone) == (True, None, "UTC")


def test_a_link_works_once(invite, now):
    _invitation, secret = invite()
    actions.accept(secret, name="Grace", password=PASSWORD, at=now)

    with pytest.raises(actions.LinkClosed):
        actions.accept(secret, name="Mallory", password=PASSWORD, at=now)

    assert User.objects.filter(name="Mallory").count() == 0


def test_a_link_runs_out_after_seven_days(invite, now):
    _invitation, secret = invite()

    with pytest.raises(actions.LinkClosed):
        actions.accept(secret, name="Grace", password=PASSWORD, at=now + timedelta(days=7))


def test_a_withdrawn_link_does_not_work_and_withdrawing_twice_is_once(invite, now, admin):
    invitation, secret = invite()

    actions.withdraw(invitation, by=admin, at=now)
    again = actions.withdraw(invitation, by=admin, at=now + timedelta(hours=1))

    assert again.withdrawn_at == now
    with pytest.raises(actions.LinkClosed):
        actions.accept(secret, name="Grace", password=PASSWORD, at=now)


def test_a_used_invitation_can_not_be_withdrawn(invite, now, admin):
    invitation, secret = invite()
    actions.accept(secret, name="Grace", password=PASSWORD, at=now)

    assert actions.withdraw(invitation, by=admin, at=now).withdrawn_at is None


def test_a_link_is_closed_when_its_address_joined_in_another_way(invite, now):
    _invitation, secret = invite()
    actions.add_person("guest@example.com", name="G", password=PASSWORD, role="agent", at=now)

    with pytest.raises(actions.LinkClosed):
        actions.accept(secret, name="Grace", password=PASSWORD, at=now)


def test_an_address_is_added_once(agent, now):
    with pytest.raises(actions.AlreadyHere):
        actions.add_person(" ADA@example.com", name="A", password=PASSWORD, role="agent", at=now)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_colleague(now):
    admin = make_person("admin")
    _invitation, link = actions.invite(
        "guest@example.com", name="Guest", role="agent", team=None, by=admin, at=now
    )
    secret = link.rstrip("/").rpartition("/")[2]
    gate, results = threading.Barrier(4), []

    def click():
        gate.wait()
        try:
            results.append(actions.accept(secret, name="Guest", password=PASSWORD, at=now).email)
        except actions.LinkClosed:
            results.append("closed")
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["closed", "closed", "closed", "guest@example.com"]


def test_access_changes_with_a_history(agent, admin, now):
    south = TeamFactory(name="Southern")

    changed = actions.change_access(
        agent.member, role="manager", authority="senior", team=south, by=admin, at=now
    )

    agent = User.objects.get(pk=agent.pk)
    assert changed is True
    assert (agent.member.role, agent.member.authority, agent.team) == ("manager", "senior", south)
    events = Event.objects.on(agent.member.timeline).order_by("id")
    assert [(event.kind, event.actor, event.payload) for event in events] == [
        ("access.role_changed", admin, {"before": "agent", "after": "manager"}),
        ("access.authority_changed", admin, {"before": "agent", "after": "senior"}),
        ("access.team_changed", admin, {"before": "Northern", "after": "Southern"}),
    ]


def test_setting_the_same_access_again_records_nothing(agent, admin, now):
    same = {"role": "agent", "authority": "agent", "team": agent.team}

    assert actions.change_access(agent.member, **same, by=admin, at=now) is False
    assert kinds(agent.member) == []


def test_leaving_and_joining_teams_is_said_in_words(agent, admin, team, now):
    same = {"role": "agent", "authority": "agent", "by": admin, "at": now}

    actions.change_access(agent.member, team=None, **same)
    actions.change_access(agent.member, team=team, **same)

    payloads = [event.payload for event in Event.objects.on(agent.member.timeline).order_by("id")]
    assert payloads == [
        {"before": "Northern", "after": ""},
        {"before": "", "after": "Northern"},
    ]


def test_an_admin_opens_the_settings_and_a_former_one_does_not(agent, admin, now):
    same = {"authority": "agent", "team": agent.team, "by": admin, "at": now}

    actions.change_access(agent.member, role="admin", **same)
    assert User.objects.get(pk=agent.pk).is_staff is True

    actions.change_access(agent.member, role="agent", **same)
    assert User.objects.get(pk=agent.pk).is_staff is False


def test_the_last_admin_stays_one(admin, now):
    make_person("admin", is_active=False)  # does not count: can't sign in

    with pytest.raises(actions.LastAdmin):
        actions.change_access(
            admin.member, role="agent", authority="agent", team=None, by=admin, at=now
        )
    other = make_person("admin")
    actions.change_access(
        admin.member, role="agent", authority="agent", team=None, by=other, at=now
    )
    with pytest.raises(actions.LastAdmin):
        actions.deactivate(other.member, by=admin, at=now)


def test_nobody_deactivates_themselves(admin, now):
    make_person("admin")

    with pytest.raises(actions.Yourself):
        actions.deactivate(admin.member, by=admin, at=now)


def test_deactivating_twice_is_once_and_so_is_reactivating(agent, admin, now):
    actions.deactivate(agent.member, by=admin, at=now)
    actions.deactivate(agent.member, by=admin, at=now)
    assert User.objects.get(pk=agent.pk).is_active is False

    actions.reactivate(agent.member, by=admin, at=now)
    actions.reactivate(agent.member, by=admin, at=now)
    assert User.objects.get(pk=agent.pk).is_active is True

    assert kinds(agent.member) == ["access.deactivated", "access.reactivated"]


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_remove_each_other_leave_one(now):
    pair = [make_person("admin"), make_person("admin")]
    gate, refused = threading.Barrier(2), []

    def remove(other, by):
        gate.wait()
        try:
            actions.deactivate(other.member, by=by, at=now)
        except actions.LastAdmin:
            refused.append(by.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=each) for each in (pair, list(reversed(pair)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.filter(is_active=True, member__role="admin").count() == 1
    assert len(refused) == 1


@pytest.mark.django_db(transaction=True)
def test_a_team_given_twice_at_once_is_told_once(now):
    admin, member = make_person("admin"), make_person("agent").member
    south = TeamFactory(name="Southern")

    def move():
        return actions.change_access(
            member, role="agent", authority="agent", team=south, by=admin, at=now
        )

    assert follow(move, move) is False
    events = Event.objects.on(member.timeline)
    assert [event.payload["after"] for event in events] == ["Southern"]


def test_a_refused_change_leaves_nothing(admin, now):
    with pytest.raises(actions.LastAdmin), transaction.atomic():
        actions.change_access(
            admin.member, role="agent", authority="agent", team=None, by=admin, at=now
        )

    admin.refresh_from_db()
    assert (admin.member.role, admin.is_staff, kinds(admin.member)) == ("admin", True, [])


def test_a_new_team_is_in_the_history_of_whoever_made_it(admin, now):
    team = actions.save_team(TeamFactory.build(name="Western", is_private=True), by=admin, at=now)

    assert latest(admin.member).payload == {
        "name": "Western",
        "changes": {
            "name": ["", "Western"],
            "time_zone": ["", "Europe/London"],
            "is_private": ["", "True"],
            "lead": ["", "None"],
            "manager": ["", "None"],
        },
    }
    assert latest(admin.member).subject_id == team.pk


def test_only_what_changed_of_a_team_is_remembered(admin, team, now):
    actions.save_team(team, by=admin, at=now)
    assert kinds(admin.member) == []

    team.is_private = True
    actions.save_team(team, by=admin, at=now)

    assert latest(admin.member).payload["changes"] == {"is_private": ["False", "True"]}


def test_the_database_keeps_one_open_invitation_for_an_address(invite, now):
    invitation, _secret = invite()
    invitation.pk, invitation.email, invitation.secret_hash = None, "GUEST@example.com", "x"

    with pytest.raises(IntegrityError):
        invitation.save()
