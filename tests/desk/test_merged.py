"""Records that were merged are one customer on every page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts import actions, family
from apps.accounts.models import Account
from apps.core.errors import Gone
from apps.desk.queries import customer, search, today
from apps.history.models import Event
from apps.saves import actions as saves
from apps.saves.models import SaveCase
from tests.factories.accounts import AccountFactory, ContactFactory
from tests.factories.history import EventFactory
from tests.factories.reasons import ReasonFactory
from tests.factories.saves import SaveCaseFactory


@pytest.fixture
def other(team):
    return AccountFactory(name="Umbra Dental", reference="UD-2", team=team)


@pytest.fixture
def merged(account, other, manager):
    return actions.merge(account, other, by=manager, at=timezone.now())


def notes(account, texts, at):
    for number, text in enumerate(texts):
        moment = at - timedelta(hours=number)
        EventFactory(timeline=account.timeline, happened_at=moment, payload={"text": text})


def test_the_timelines_are_read_as_one_page_by_page(account, other, merged, now):
    notes(account, [f"Ours {n}" for n in range(20)], now)
    notes(other, [f"Theirs {n}" for n in range(20)], now - timedelta(minutes=30))

    pages, cursor = [], ""
    while cursor is not None:
        page = customer.timeline(account, show="notes", cursor=cursor)
        pages.append([entry for _day, entries in page.days for entry in entries])
        cursor = page.older

    assert [len(entries) for entries in pages] == [15, 15, 10]
    shown = "".join(entry for entries in pages for entry in entries)
    wanted = [text for n in range(20) for text in (f"Ours {n}<", f"Theirs {n}<")]
    found = [shown.index(f">{text}") for text in wanted]
    assert found == sorted(found)
    assert {chip.key: chip.count for chip in page.chips}["notes"] == 40


def test_the_page_says_what_was_merged_and_how_to_part_it(as_manager, account, merged):
    response = as_manager.get(account.get_absolute_url())

    html = response.content.decode()
    assert "Umbra Dental (UD-2) was merged into this record today." in html
    assert f"/customers/{account.pk}/unmerge/{merged.pk}/" in html
    assert "Merged with Umbra Dental (UD-2)" in html
    assert "Merged into Larkspur Dental (LD-20418)" in html


def test_an_agent_reads_it_without_the_way_to_part(as_agent, account, merged):
    html = as_agent.get(account.get_absolute_url()).content.decode()

    assert "was merged into this record today." in html
    assert "Part them again" not in html


def test_after_thirty_days_nothing_is_offered(account, merged):
    page = customer.customer_page(account, at=merged.undo_until)

    assert page.to_part == []


def test_parts_of_parts_belong_to_the_family_and_are_parted_one_by_one(
    account, other, merged, manager
):
    third = AccountFactory()
    actions.merge(third, account, by=manager, at=timezone.now())

    found = family.of(third)

    assert found.pks == [third.pk, other.pk, account.pk]
    assert found.timelines == [third.timeline_id, other.timeline_id, account.timeline_id]
    assert [part.pk for part in found.to_part(timezone.now())] == [account.pk]


def test_merging_costs_the_page_nothing(as_agent, account):
    as_agent.get(account.get_absolute_url())
    with CaptureQueriesContext(connection) as alone:
        as_agent.get(account.get_absolute_url())
    for part in AccountFactory.create_batch(3):
        actions.merge(account, part, by=account.owner, at=timezone.now())
    with CaptureQueriesContext(connection) as together:
        as_agent.get(account.get_absolute_url())

    assert len(together) == len(alone)


def test_calls_of_both_are_listed_and_the_next_one_continues_the_last(
    as_agent, account, other, merged, agent
):
    at = timezone.now()
    case = SaveCaseFactory(account=other, agent=agent, opened_at=at - timedelta(hours=2))

    assert [each.url for each in customer.customer_page(account, at=timezone.now()).cases] == [
        case.get_absolute_url()
    ]
    opening = saves.open_call(account, by=agent, at=at)
    reason = ReasonFactory()
    details = {"reason": reason, "verbatim": "Too much.", "outcome": "stayed", "seconds": 1}
    new = saves.log(opening, by=agent, at=at, channel="phone", **details)
    assert new.continues == case
    html = as_agent.get(case.get_absolute_url()).content.decode()
    assert f'href="{account.get_absolute_url()}"' in html
    assert "Too much." in as_agent.get(f"{account.get_absolute_url()}saves/new/").content.decode()


def test_a_call_that_began_before_the_merge_is_logged_with_the_kept_record(
    as_agent, account, other, agent, manager
):
    reason = ReasonFactory(category__position=1)
    opening = saves.open_call(other, by=agent, at=timezone.now())
    actions.merge(account, other, by=manager, at=timezone.now())

    response = as_agent.post(
        f"/customers/{other.pk}/saves/new/",
        {
            "opening": opening.sign(),
            "channel": "phone",
            "category": 1,
            "reason": reason.pk,
            "verbatim": "Too much.",
            "outcome": "stayed",
        },
    )

    assert response.url == account.get_absolute_url()
    assert SaveCase.objects.get().account == account


def test_a_call_with_a_removed_customer_is_refused_in_words(as_manager, account, manager):
    actions.remove_account(account, reason="Test", by=manager, at=timezone.now())

    assert as_manager.post(f"/customers/{account.pk}/saves/new/", {}).status_code == 410


def test_cases_are_seen_by_who_sees_the_kept_record(
    agent, outsider, admin, account, private_account
):
    case = SaveCaseFactory(account=private_account, agent=outsider)
    assert not SaveCase.objects.visible_to(agent).exists()

    merge = actions.merge(account, private_account, by=admin, at=timezone.now())
    assert SaveCase.objects.visible_to(agent).get() == case
    actions.unmerge(merge, by=admin, at=timezone.now())

    actions.merge(private_account, account, by=admin, at=timezone.now())
    SaveCaseFactory(account=account, agent=agent)
    assert not SaveCase.objects.visible_to(agent).exists()
    assert SaveCase.objects.visible_to(admin).count() == 2
    actions.remove_account(private_account, reason="Test", by=admin, at=timezone.now())
    assert not SaveCase.objects.visible_to(admin).exists()


@pytest.mark.parametrize("text", ["umbra", "UD-2", "um", "umbra robin", "ummbra"])
def test_the_old_name_finds_the_customer_once(account, other, merged, text):
    ContactFactory(account=account, name="Robin")

    assert search.find(text) == [account.pk]


def test_the_removed_are_not_found(account, other, manager, now):
    contact = ContactFactory(account=account, name="Robin", email="robin@b.example")
    ContactFactory(account=account, name="Colin", email="c@b.example", phone="+441614960142")
    actions.remove_account(other, reason="Test", by=manager, at=now)
    actions.remove_contact(contact, by=manager, at=now)

    for text in ("umbra", "UD-2", "um", "ummbra", "robin", "robbin"):
        assert (text, search.find(text)) == (text, [])
    (caller,) = today.callers("larkspur", user=manager)
    assert (caller.person, caller.phone) == ("Colin", "+441614960142")


def test_a_customer_whose_only_contact_was_removed_is_a_caller_without_a_person(
    account, manager, now
):
    actions.remove_contact(ContactFactory(account=account), by=manager, at=now)

    (caller,) = today.callers("larkspur", user=manager)
    assert (caller.person, caller.phone) == (None, "")


def test_an_entry_of_a_merged_record_is_found_on_the_page_of_the_kept_one(
    as_agent, account, other, merged
):
    at = timezone.now() + timedelta(minutes=1)
    event = EventFactory(timeline=other.timeline, happened_at=at - timedelta(days=9))
    notes(account, [str(n) for n in range(20)], at)

    response = as_agent.get(f"/customers/{other.pk}/entries/{event.pk}/")

    assert response.url.startswith(f"{account.get_absolute_url()}?at=")
    html = as_agent.get(response.url).content.decode()
    assert f'id="event-{event.pk}"' in html
    assert Event.objects.get(pk=event.pk).timeline == other.timeline


def test_a_customer_is_found_for_whoever_may_see_them_and_nobody_else(
    account, other, merged, private_account, agent, outsider, manager, now
):
    actions.remove_account(AccountFactory(name="Gone"), reason="Twice", by=manager, at=now)
    for user in (agent, outsider, manager):
        seen = set(Account.objects.visible_to(user))
        for each in Account.objects.all():
            if each in seen:
                assert vars(family.find(each.pk, user=user)).keys() == vars(each).keys()
            else:
                with pytest.raises((Http404, Gone)):
                    family.find(each.pk, user=user)


def test_without_plans_that_the_server_keeps_all_is_the_same(account, as_agent, settings):
    page = f"/customers/{account.pk}/"
    planned = as_agent.get(page).context["page"].people
    settings.PREPARE_STATEMENTS = False

    assert as_agent.get(page).context["page"].people == planned
