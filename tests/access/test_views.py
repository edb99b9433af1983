"""The pages of people, as they answer browsers with and without scripts."""

import socket
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.access import actions
from apps.access.models import Invitation
from apps.history.models import Event
from apps.users.models import User
from tests.factories.access import InvitationFactory
from tests.factories.users import TeamFactory, make_person

PEOPLE = reverse("access:people")
INVITE = reverse("access:invite")
ME = reverse("access:me")
THEME = reverse("access:theme")
PASSWORD = "a long and quiet evening"
GUEST = {"email": "guest@example.com", "name": "Guest", "role": "agent"}


def link_in(message):
    return next(word for word in message.body.split() if "/people/join/" in word)


@pytest.fixture
def link(as_admin):
    """The path of an open invitation's link."""
    as_admin.post(INVITE, GUEST)
    return "/" + link_in(mail.outbox[0]).split("/", 3)[3]


def says(response):
    return " ".join(response.content.decode().split())


# --- the list


def test_the_list_shows_colleagues_former_ones_and_the_invited(as_manager, agent, outsider):
    make_person("agent", name="Gone Away", is_active=False)
    InvitationFactory(name="Soon Here", email="soon@example.com")

    page = says(as_manager.get(PEOPLE))

    for words in ("Ada Lovett", "Private", "Gone Away", "Soon Here", "Never", "You"):
        assert words in page
    assert "3 people can sign in" in page


def test_the_list_shows_no_invitation_that_is_closed(as_manager, now):
    InvitationFactory(name="Ran Out", created_at=now - timedelta(days=400))
    InvitationFactory(name="Withdrawn", withdrawn_at=now)

    page = says(as_manager.get(PEOPLE))

    assert "Ran Out" not in page
    assert "Withdrawn" not in page


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_for_many(as_manager, django_assert_max_num_queries, count):
    for _ in range(count):
        make_person("agent", team=TeamFactory())
        InvitationFactory(team=TeamFactory())

    with django_assert_max_num_queries(6):
        as_manager.get(PEOPLE)


def test_an_agent_has_no_list_and_no_link_to_it(as_agent):
    assert as_agent.get(PEOPLE).status_code == 403
    assert PEOPLE + '"' not in as_agent.get(ME).content.decode()


# --- inviting


def test_an_invitation_is_mailed(as_admin, team):
    response = as_admin.post(INVITE, {**GUEST, "team": team.pk}, follow=True)

    assert response.redirect_chain == [(PEOPLE, 302)]
    assert "Invitation sent to guest@example.com." in says(response)
    assert mail.outbox[0].to == ["guest@example.com"]
    assert Invitation.objects.get().team == team


def test_what_is_wrong_with_an_invitation_is_said_and_what_was_typed_stays(as_admin):
    response = as_admin.post(INVITE, {**GUEST, "email": "guest"})

    assert response.status_code == 422
    assert 'value="guest"' in says(response)
    assert as_admin.post(INVITE, {}).status_code == 422


def test_a_colleague_s_address_is_refused_on_the_form(as_admin, agent):
    response = as_admin.post(INVITE, {**GUEST, "email": agent.email})

    assert response.status_code == 422
    assert "Somebody with this address has joined already." in says(response)


def test_a_manager_is_offered_the_role_of_agent_and_teams_they_see(as_manager, private_team, team):
    page = says(as_manager.get(INVITE))
    assert ("Northern" in page, "Discreet" in page, 'value="admin"' in page) == (True, False, False)

    for forged in ({"role": "admin"}, {"team": private_team.pk}):
        assert as_manager.post(INVITE, {**GUEST, **forged}).status_code == 422
    assert Invitation.objects.count() == 0


def test_where_no_mail_server_is_set_up_the_link_is_handed_over(as_admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    response = as_admin.post(INVITE, GUEST)

    assert "No mail server is set up" in says(response)
    assert "/people/join/" in says(response)


def test_where_the_mail_fails_the_link_is_handed_over(as_admin, settings):
    with socket.socket() as nobody:  # bound, never listening: a connection is refused
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()
        response = as_admin.post(INVITE, GUEST)

    assert "The mail could not be sent." in says(response)
    assert "/people/join/" in says(response)
    assert Invitation.objects.count() == 1


def test_an_invitation_is_withdrawn(as_manager):
    invitation = InvitationFactory()

    response = as_manager.post(reverse("access:withdraw", args=[invitation.pk]), follow=True)

    assert "Invitation withdrawn." in says(response)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None


def test_a_manager_does_not_withdraw_the_invitation_of_an_admin(as_manager):
    invitation = InvitationFactory(role="admin")

    response = as_manager.post(reverse("access:withdraw", args=[invitation.pk]), follow=True)

    assert "Only an admin can invite somebody to this role." in says(response)
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None


# --- joining


def test_the_invited_join_and_are_signed_in(link):
    guest = Client()

    assert "You will sign in as <b>guest@example.com</b>." in says(guest.get(link))
    response = guest.post(link, {"name": "Grace Guest", "password": PASSWORD})

    assert response.status_code == 302
    assert response["Location"] == reverse("desk:today")
    assert says(guest.get(ME)).count("Grace Guest") > 0


def test_looking_at_an_invitation_uses_nothing_up(link):
    for _ in range(3):
        assert Client().get(link).status_code == 200


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "at least 12 characters"),
        ("guest@example.com", "too similar to the email"),
        ("password123456", "too common"),
        ("", "This field is required."),
    ],
)
def test_a_weak_password_is_refused(link, password, words):
    response = Client().post(link, {"name": "Grace", "password": password})

    assert response.status_code == 422
    assert words in says(response)
    assert f'value="{password or None}"' not in says(response)


def test_every_closed_link_gets_the_same_answer(as_admin, link, now):
    unknown = Client().get("/people/join/no-such-link/")
    Client().post(link, {"name": "Grace", "password": PASSWORD})
    used, used_again = Client().get(link), Client().post(link, {"name": "M", "password": PASSWORD})
    as_admin.post(INVITE, {**GUEST, "email": "two@example.com"})
    late = "/" + link_in(mail.outbox[-1]).split("/", 3)[3]
    with time_machine.travel(now + timedelta(days=3650)):
        ran_out = Client().get(late)
    Invitation.objects.filter(email="two@example.com").update(withdrawn_at=now)
    withdrawn = Client().get(late)

    answers = {
        (each.status_code, says(each).partition("<main")[2])
        for each in (unknown, used, used_again, ran_out, withdrawn)
    }
    assert len(answers) == 1
    assert unknown.status_code == 404
    assert "An invitation works once, for 7 days." in says(unknown)


def test_a_link_that_closes_while_the_form_is_open_says_so(link, monkeypatch):
    real = actions.accept

    def too_late(secret, **options):
        Invitation.objects.update(withdrawn_at=options["at"])
        return real(secret, **options)

    monkeypatch.setattr(actions, "accept", too_late)

    assert Client().post(link, {"name": "Grace", "password": PASSWORD}).status_code == 404


def test_joining_ends_the_session_of_whoever_used_the_browser(as_admin, link):
    assert "You are signed in as Iris Kaya." in says(as_admin.get(link))
    before = as_admin.session.session_key

    as_admin.post(link, {"name": "Grace Guest", "password": PASSWORD})

    assert as_admin.session.session_key != before
    assert "Grace Guest" in says(as_admin.get(ME))


# --- one colleague


def page_of(person, name="person"):
    return reverse(f"access:{name}", args=[person.pk])


def test_a_manager_reads_a_colleague_s_page_and_changes_nothing(as_manager, agent, admin, now):
    actions.change_access(
        agent.member, role="agent", authority="senior", team=None, by=admin, at=now
    )

    response = as_manager.get(page_of(agent))

    assert "changed the authority from agent to senior" in says(response)
    assert "changed the team from Northern to no team" in says(response)
    assert "<form" not in says(response).split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("count", [1, 8])
def test_a_colleague_s_page_costs_the_same_with_a_long_history(
    as_admin, agent, admin, now, django_assert_max_num_queries, count
):
    for number in range(count):
        authority = ["senior", "agent"][number % 2]
        actions.change_access(
            agent.member, role="agent", authority=authority, team=None, by=admin, at=now
        )

    with django_assert_max_num_queries(7):
        as_admin.get(page_of(agent))


def test_an_admin_changes_access_from_the_next_request_on(as_admin, agent):
    browser = Client()
    browser.force_login(agent)
    assert browser.get(PEOPLE).status_code == 403

    response = as_admin.post(
        page_of(agent, "role"), {"role": "manager", "authority": "senior"}, follow=True
    )

    assert "Saved. It counts from Ada Lovett’s next click." in says(response)
    assert browser.get(PEOPLE).status_code == 200
    as_admin.post(page_of(agent, "role"), {"role": "agent", "authority": "agent"})
    assert browser.get(PEOPLE).status_code == 403


def test_wrong_access_comes_back_with_words(as_admin, admin, agent):
    response = as_admin.post(page_of(agent, "role"), {"role": "king", "authority": "agent"})
    assert response.status_code == 422

    response = as_admin.post(page_of(admin, "role"), {"role": "agent", "authority": "agent"})
    assert response.status_code == 422
    assert "Make somebody else an admin first." in says(response)


def test_a_deactivated_colleague_is_out_at_the_next_request(as_admin, agent):
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(agent)
        assert browser.get(ME).status_code == 200

    response = as_admin.post(page_of(agent, "deactivate"), follow=True)

    assert "Ada Lovett can’t sign in any more." in says(response)
    for browser in browsers:
        assert browser.get(ME).status_code == 302
    response = as_admin.post(page_of(agent, "reactivate"), follow=True)
    assert "Ada Lovett can sign in again." in says(response)


def test_an_admin_can_not_lock_themselves_out(as_admin, admin):
    response = as_admin.post(page_of(admin, "deactivate"), follow=True)

    assert "You can’t deactivate yourself. Ask another admin." in says(response)
    assert page_of(admin, "deactivate") not in says(as_admin.get(page_of(admin)))


# --- your own account


def test_people_change_what_they_say_of_themselves(as_agent, agent):
    body = {"name": "Ada L", "time_zone": "Asia/Tokyo", "theme": "dark"}

    response = as_agent.post(ME, {**body, "role": "admin", "is_staff": "1"}, follow=True)

    agent = User.objects.get(pk=agent.pk)
    assert (agent.name, agent.time_zone, agent.theme, agent.has_shortcuts) == (
        "Ada L",
        "Asia/Tokyo",
        "dark",
        False,
    )
    assert (agent.member.role, agent.is_staff) == ("agent", False)
    assert 'data-theme="dark"' in says(response)
    assert "data-shortcuts" not in says(response)


def test_a_profile_without_a_name_comes_back(as_agent):
    response = as_agent.post(ME, {"name": "", "time_zone": "Mars/Base", "theme": "dark"})

    assert response.status_code == 422
    assert "Error:" in says(response)


def test_another_time_zone_stands_in_the_history(as_agent, agent):
    said = {"name": "Ada Lovett", "theme": "dark", "has_shortcuts": "on"}
    for zone in ["Europe/London", "Asia/Tokyo", "Asia/Tokyo"]:
        as_agent.post(ME, said | {"time_zone": zone})

    (event,) = Event.objects.on(agent.member.timeline)
    assert (event.kind, event.actor) == ("access.time_zone_changed", agent)
    assert event.payload == {"before": "Europe/London", "after": "Asia/Tokyo"}


def test_your_account_leads_to_sessions_and_password(as_agent):
    page = says(as_agent.get(ME))

    assert reverse("usersessions_list") in page
    assert reverse("account_change_password") in page


def test_the_menu_changes_the_colours_without_a_page(as_agent, agent, htmx):
    response = as_agent.post(THEME, {"theme": "dark"}, headers=htmx())

    assert response.status_code == 204
    agent.refresh_from_db()
    assert agent.theme == "dark"


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/customers/?q=x", "/customers/?q=x"),
        ("https://evil.example/", ME),
        ("//evil.example/", ME),
        ("", ME),
    ],
)
def test_without_scripts_the_menu_leads_back_to_our_own_page(as_agent, back, to):
    response = as_agent.post(THEME, {"theme": "light", "next": back})

    assert (response.status_code, response["Location"]) == (302, to)


def test_colours_that_do_not_exist_are_refused(as_agent, agent):
    assert as_agent.post(THEME, {"theme": "pink"}).status_code == 400
    agent.refresh_from_db()
    assert agent.theme == "system"


@pytest.mark.django_db
def test_looking_for_a_sign_up_page_leads_to_signing_in(client):
    response = client.get(reverse("account_signup"))

    assert response["Location"] == reverse("account_login")
