"""What people are told by e-mail, and when."""

import datetime
import os
import signal
import subprocess
import sys
import threading
from datetime import time, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, connections
from django.utils import timezone

from apps.access import actions as access
from apps.core import jobs
from apps.history import sight
from apps.notifications import actions, digest, queries
from apps.notifications.actions import mailing
from apps.notifications.digest import Section
from apps.notifications.models import Letter, Notification, Rhythm
from apps.notifications.rules import LEASE, Quiet
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.notifications import LetterFactory, NotificationFactory, RhythmFactory
from tests.factories.users import make_person

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Broken(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("nobody there")


def states():
    return list(Letter.objects.order_by("pk").values_list("state", flat=True))


def test_a_mention_is_mailed_with_the_customer_and_the_words(note, now, settings):
    note(now)
    mailing.send_next(at=now)

    message = mail.outbox[0]
    assert message.to == ["helen@example.com"]
    assert message.subject == "Larkspur Dental: Ada Lovett left a note"
    assert f"{settings.PUBLIC_URL}/notifications/" in message.body
    assert f"{settings.PUBLIC_URL}/notifications/settings/" in message.body
    assert states() == ["sent"]
    assert not mailing.send_next(at=now)


def test_signs_are_mailed_as_they_were_typed(note, account, now):
    account.name = "Fish & <Chips>"
    account.save()
    note(now)
    mailing.send_next(at=now)

    assert mail.outbox[0].subject.startswith("Fish & <Chips>: ")


def test_several_notices_are_one_mail(note, now):
    for _ in range(3):
        note(now)
    mailing.send_next(at=now)

    assert [each.subject for each in mail.outbox] == ["3 notifications"]
    assert mail.outbox[0].body.count("Larkspur Dental") == 3
    assert states() == ["sent"] * 3


def test_telling_twice_mails_once(note, now):
    event = note(now)
    actions.tell(event, at=now + MINUTE)

    assert Letter.objects.count() == 1


def test_what_is_not_to_be_mailed_is_not(note, helen, now, choose):
    choose(helen, now, mentioned=(True, False))
    note(now)

    assert not Letter.objects.exists()
    assert queries.bell(helen).count == 1


def test_what_does_not_ring_is_on_the_page_and_may_be_mailed(note, helen, now, choose):
    choose(helen, now, mentioned=(False, True))
    note(now)

    assert queries.bell(helen).count == 0
    assert queries.of(helen).count() == 1
    mailing.send_next(at=now)
    assert len(mail.outbox) == 1


def test_mail_waits_for_the_end_of_quiet_hours(note, helen, now, choose):
    choose(helen, now, quiet=Quiet(time(10), time(12)))  # it is half past ten in London
    note(now)

    assert not mailing.send_next(at=now + 89 * MINUTE)
    assert mailing.send_next(at=now + 90 * MINUTE)


def test_without_a_word_nights_are_quiet_and_with_one_none_are(helen, now, note, choose):
    night = now.replace(hour=23)
    note(night)
    assert Letter.objects.get().next_at == now.replace(hour=6, minute=0) + DAY

    choose(helen, now)
    note(night)
    assert Letter.objects.latest("pk").next_at == night


def test_what_was_not_sent_before_quiet_hours_waits_for_their_end(note, helen, now, settings):
    evening = now.replace(hour=18, minute=58)  # two minutes to eight in London
    morning = now.replace(hour=6, minute=0) + DAY
    note(evening)
    settings.EMAIL_BACKEND = "tests.notifications.test_mailing.Broken"
    assert not mailing.send_next(at=evening)
    note(evening)
    other = make_person(email="other@example.com", time_zone="America/New_York")
    LetterFactory(notification=NotificationFactory(user=other), next_at=now + DAY / 2)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    while mailing.send_next(at=now + DAY / 2):
        pass

    assert [each.to for each in mail.outbox] == [["other@example.com"]]
    waiting = Letter.objects.filter(user=helen)
    assert set(waiting.values_list("state", "next_at")) == {("waiting", morning)}
    assert mailing.send_next(at=morning)
    assert mail.outbox[1].subject == "2 notifications"


def test_what_was_read_meanwhile_is_not_mailed(note, now):
    note(now)
    actions.mark_read(Notification.objects.get(), at=now + MINUTE)

    assert mailing.send_next(at=now + MINUTE)
    assert (mail.outbox, states()) == ([], ["dropped"])


def test_what_is_hidden_by_now_is_not_mailed(helen, private_account, now):
    notice = NotificationFactory(user=helen, event__timeline=private_account.timeline)
    LetterFactory(notification=notice, next_at=now)

    mailing.send_next(at=now)

    assert (mail.outbox, states()) == ([], ["dropped"])


def test_who_has_left_is_sent_nothing(note, helen, now):
    note(now)
    helen.is_active = False
    helen.save()

    mailing.send_next(at=now)

    assert (mail.outbox, states()) == ([], ["dropped"])


def test_a_mail_server_that_does_not_answer_is_tried_again(note, helen, now, settings):
    note(now)
    settings.EMAIL_BACKEND = "tests.notifications.test_mailing.Broken"
    assert not mailing.send_next(at=now)
    assert states() == ["waiting"]
    assert not queries.letters_due(now + MINUTE / 2).exists()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mailing.send_next(at=now + MINUTE)
    assert (len(mail.outbox), states()) == (1, ["sent"])


def test_what_can_never_be_sent_is_given_up_and_said(note, helen, now, choose, settings):
    choose(helen, now)
    note(now)
    settings.EMAIL_BACKEND = "tests.notifications.test_mailing.Broken"
    moment = now
    for _ in range(5):
        mailing.send_next(at=moment)
        moment += timedelta(hours=3)

    assert states() == ["failed"]
    assert queries.not_reached(helen, at=moment) == 1
    assert queries.not_reached(helen, at=moment + 8 * DAY) == 0


def test_nobody_is_mailed_what_a_worker_that_died_may_have_sent(note, helen, now):
    note(now)
    Letter.objects.update(state="sending", attempts=1, next_at=now + LEASE)
    assert not mailing.send_next(at=now)

    assert not mailing.send_next(at=now + LEASE)

    assert (mail.outbox, states()) == ([], ["uncertain"])
    assert queries.not_reached(helen, at=now + LEASE) == 1


def test_the_worker_sends_until_nothing_is_left(note, now, time_machine):
    time_machine.move_to(now, tick=False)
    note(now)
    LetterFactory(
        notification=NotificationFactory(user=make_person(email="other@example.com")), next_at=now
    )
    assert "notifications.send" in jobs.ring_due()
    jobs.run_all()

    assert sorted(each.to[0] for each in mail.outbox) == ["helen@example.com", "other@example.com"]
    assert "notifications.send" not in jobs.ring_due()


def test_a_run_ends_in_time(note, now):
    note(now)
    clock = iter([now, now + timedelta(seconds=6)])

    actions.send_due(5, clock=lambda: next(clock))

    assert mail.outbox == []


def test_what_is_about_no_customer_is_mailed_without_a_name(helen, agent, now):
    notice = NotificationFactory(user=helen, event__timeline=agent.member.timeline)
    LetterFactory(notification=notice, next_at=now)

    mailing.send_next(at=now)

    assert ":" not in mail.outbox[0].subject


# --- the digest ---------------------------------------------------------------


@pytest.fixture
def chores(monkeypatch):
    """A room that has something to say about Helen."""
    monkeypatch.setattr(digest, "_SECTIONS", {})
    said = {}
    digest.register("tests", lambda user, at: said.get(user.email))
    return said


def test_the_digest_says_what_is_to_do_and_what_was_not_read(note, helen, now, choose, chores):
    choose(helen, now, digest_at=time(11), mentioned=(True, False))  # at ten in Greenwich
    note(now - MINUTE)
    chores["helen@example.com"] = Section("Your tasks today", ["10:00 Call them"])
    assert not queries.digests_due(now).exists()

    actions.queue_digests(at=now + 30 * MINUTE)
    mailing.send_next(at=now + 30 * MINUTE)

    message = mail.outbox[0]
    assert message.subject == "Your day"
    assert "Your tasks today\n- 10:00 Call them" in message.body
    assert "Not read yet, since yesterday\n- Larkspur Dental: Ada Lovett left a note" in (
        message.body
    )
    assert "more" not in message.body


def test_of_many_unread_notices_the_newest_are_named(helen, now, chores):
    NotificationFactory.create_batch(32, user=helen, created_at=now)
    Letter.objects.create(user=helen, digest_on=now.date(), next_at=now)

    mailing.send_next(at=now)

    assert "and 2 more" in mail.outbox[0].body


def test_a_digest_that_has_nothing_to_say_is_not_sent(helen, now, chores):
    Letter.objects.create(user=helen, digest_on=now.date(), next_at=now)

    mailing.send_next(at=now)

    assert (mail.outbox, states()) == ([], ["dropped"])


def test_a_digest_does_not_come_in_quiet_hours_nor_on_the_day_after(helen, now, choose, chores):
    chores["helen@example.com"] = Section("Your tasks today", ["10:00 Call them"])
    choose(helen, now, quiet=Quiet(time(20), time(7)), digest_at=time(11))
    night = now.replace(hour=22)
    actions.queue_digests(at=night)

    assert mailing.send_next(at=night)
    assert (mail.outbox, states()) == ([], ["waiting"])
    assert mailing.send_next(at=now + DAY)
    assert (mail.outbox, states()) == ([], ["dropped"])


def test_a_digest_comes_in_quiet_hours_when_its_time_lies_in_them(helen, now, choose, chores):
    chores["helen@example.com"] = Section("Your tasks today", ["10:00 Call them"])
    choose(helen, now, quiet=Quiet(time(20), time(7)), digest_at=time(6, 30))
    early = now.replace(hour=5, minute=30) + DAY
    actions.queue_digests(at=early)

    assert mailing.send_next(at=early)
    assert [each.subject for each in mail.outbox] == ["Your day"]


def test_a_digest_is_a_mail_of_its_own(note, helen, now, chores):
    note(now)
    Letter.objects.create(user=helen, digest_on=now.date(), next_at=now)

    for _ in range(2):
        mailing.send_next(at=now)

    assert [each.subject for each in mail.outbox] == [
        "Larkspur Dental: Ada Lovett left a note",
        "Your day",
    ]


def test_after_three_days_without_a_worker_there_is_one_digest(helen, now, choose):
    choose(helen, now - 3 * DAY, digest_at=time(8))

    for _ in range(3):
        actions.queue_digests(at=now)

    assert Letter.objects.get().digest_on == now.date()
    assert Rhythm.objects.get().next_digest_at == now.replace(hour=7, minute=0) + DAY


def test_the_digest_comes_by_the_clocks_of_where_somebody_is(helen, now, choose, time_machine):
    time_machine.move_to(now, tick=False)
    choose(helen, now, digest_at=time(11))
    said = {"name": "Helen", "has_shortcuts": True, "theme": "dark", "at": now}

    access.update_profile(helen, time_zone="Europe/Paris", **said)
    jobs.run_all()
    assert Rhythm.objects.get().next_digest_at == now.replace(hour=9, minute=0) + DAY

    Rhythm.objects.update(next_digest_at=now)
    access.update_profile(helen, time_zone="America/New_York", **said)
    jobs.run_all()
    assert Rhythm.objects.get().next_digest_at == now
    actions.queue_digests(at=now)
    assert Rhythm.objects.get().next_digest_at == now.replace(hour=15, minute=0)


def test_saying_it_anew_brings_no_second_digest_of_the_day(helen, now, choose):
    choose(helen, now - DAY, digest_at=time(8))
    actions.queue_digests(at=now)
    choose(helen, now, digest_at=time(11))

    actions.queue_digests(at=now + DAY / 4)

    assert Letter.objects.count() == 1


def test_there_is_no_digest_on_days_off(helen, now, choose):
    saturday = now + 4 * DAY
    choose(helen, saturday - 5 * MINUTE, digest_at=time(10, 30))
    actions.queue_digests(at=saturday)
    monday = saturday + 2 * DAY
    OutOfOfficeFactory(user=helen, starts_on=monday.date(), ends_on=monday.date())
    actions.queue_digests(at=monday)

    assert not Letter.objects.exists()
    actions.queue_digests(at=monday + DAY)
    assert Letter.objects.count() == 1


def test_the_worker_queues_digests(helen, now, time_machine):
    time_machine.move_to(now, tick=False)
    RhythmFactory(user=helen, digest_at=time(10), next_digest_at=now)
    assert "notifications.digest" in jobs.ring_due()

    jobs.run_all()

    assert Letter.objects.filter(digest_on=now.date()).count() == 1
    assert "notifications.digest" not in jobs.ring_due()


def test_a_room_has_one_part_of_the_digest(chores):
    with pytest.raises(ValueError, match="stands in the digest already"):
        digest.register("tests", lambda user, at: None)


def test_a_room_names_its_timelines_once():
    with pytest.raises(ValueError, match="names its timelines already"):
        sight.name("accounts", lambda ids: {})


# --- faults -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_letter_once():
    for number in range(10):
        person = make_person(email=f"p{number}@example.com")
        RhythmFactory(user=person)
        for _ in range(2):
            LetterFactory(notification=NotificationFactory(user=person))
    start = threading.Barrier(2)

    def work():
        try:
            start.wait()
            while mailing.send_next(at=timezone.now()):
                pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert set(states()) == {"sent"}
    bodies = [each.body.count("- ") for each in mail.outbox]
    assert sum(bodies) == 20
    assert len({each.to[0] for each in mail.outbox}) == 10


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["letter_claimed", "letter_sent"])
def test_what_a_killed_worker_held_is_shown_and_not_sent_again(place, tmp_path):
    letter = LetterFactory(next_at=timezone.now() - MINUTE)
    RhythmFactory(user=letter.user)
    environment = os.environ | {
        "TEST_FAILPOINT": f"{place}:{tmp_path / 'died'}",
        "MAINSTAY_TEST_DATABASE": connection.settings_dict["NAME"],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.notifications.child"], env=environment, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert states() == ["sending"]

    for later in (timedelta(), 2 * LEASE):
        assert not mailing.send_next(at=timezone.now() + later)

    assert (mail.outbox, states()) == ([], ["uncertain"])
    assert queries.not_reached(letter.user, at=timezone.now() + datetime.timedelta(minutes=1)) == 1
