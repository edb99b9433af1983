from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.accounts import actions
from apps.accounts.models import Account, Insight
from apps.desk.queries import changed
from apps.desk.queries.entries import Entry
from apps.history.models import Event
from tests.factories.accounts import AccountFactory, InsightFactory
from tests.factories.history import EventFactory


@pytest.fixture
def url(account):
    return account.get_absolute_url()


# --- What matters to them


def test_nothing_known_is_a_line_with_a_way_to_say_it(as_agent, url):
    page = as_agent.get(url).content.decode()

    assert "Nobody has written down why they stay." in page
    assert f'href="{url}hand-over/"' in page


def test_what_matters_begins_with_what_keeps_them(as_agent, account, url):
    InsightFactory(account=account, text="Fewer calls.", source="Nadia Rahman")
    driver = {"topic": "value_driver", "driver": "reliability", "text": "It never fails."}
    InsightFactory(account=account, source="a survey", **driver)
    InsightFactory(account=account, text="No calls.", said_on=date(2026, 3, 9))
    InsightFactory(account=account, topic="success", text="Full", due_on=date(2026, 9, 1))

    response = as_agent.get(url)

    story = response.context["page"].story
    assert [(about.topic, about.more) for about in story] == [
        *(("value_driver", 0), ("wants", 1), ("success", 0)),
    ]
    page = response.content.decode()
    for text in (
        *("<b>Reliability</b>. It never fails.", "No calls.", "1 older"),
        *("as told by a survey, ", "By ", "Everything they said"),
    ):
        assert text in page
    assert "Fewer calls." not in page


def test_expectations_add_up(as_agent, account, url):
    for n in range(7):
        InsightFactory(account=account, topic="expectation", text=f"Promise {n}.")

    (about,) = as_agent.get(url).context["page"].story

    assert [each.text for each in about.statements] == [f"Promise {n}." for n in (6, 5, 4, 3, 2)]
    assert about.more == 2


def test_what_was_learned_of_a_merged_record_is_shown(as_agent, manager, account, url):
    part = AccountFactory()
    InsightFactory(account=part, text="Open on Sundays.")
    actions.merge(account, part, by=manager, at=timezone.now())

    assert "Open on Sundays." in as_agent.get(url).content.decode()
    assert "Open on Sundays." in as_agent.get(f"{url}insights/").content.decode()
    assert Insight.objects.get().account == part


def test_an_annotated_day_is_marked_and_has_a_filter(as_agent, account, url):
    marked = {"text": "The first order <b>failed</b>.", "tone": "bad", "prefers": "email"}
    EventFactory(timeline=account.timeline, kind="history.annotated", payload=marked)
    EventFactory(timeline=account.timeline)

    response = as_agent.get(url, {"show": "annotations"})

    page = response.content.decode()
    assert '<span class="mark bad">' in page
    assert "A pain point: </span>The first order &lt;b&gt;failed&lt;/b&gt;." in page
    assert "Preferred then: E-mail" in page
    chips = [(chip.key, chip.count) for chip in response.context["timeline"].chips]
    assert chips == [("notes", 1), ("annotations", 1)]


# --- What has changed


def event(kind, at, **payload):
    return Entry(1, f"accounts.{kind}", at, at, payload, None, "")


def said(events):
    return [(each.label, each.before, each.after) for each in changed.collapse(events)]


def test_several_changes_of_a_field_are_one(now):
    events = [
        event("changed", now, changes={"mrr": ["£310", "£340"], "plan": ["Club", "Club Plus"]}),
        event("stage_changed", now, before="retention", after="wandering_eye"),
        event("changed", now + timedelta(days=1), changes={"mrr": ["£340", "£372"]}),
    ]

    assert said(events) == [
        ("MRR", "£310", "£372"),
        ("Plan", "Club", "Club Plus"),
        ("Stage", "Retention", "Wandering eye"),
    ]


def test_what_is_as_it_was_is_no_change(now):
    events = [
        event("tier_changed", now, before="mid", after="high"),
        event("tier_changed", now, before="high", after="mid"),
        event("churned", now, on="2026-07-01"),
        event("returned", now, was_on="2026-07-01"),
        event("contact_added", now, name="Jude"),
        event("contact_removed", now, name="Jude"),
        event("contact_removed", now, name="Colin"),
        event("contact_restored", now, name="Colin"),
        event("merged", now, other="Larkspur", reference="L-1", is_kept=True),
    ]

    assert said(events) == []


def test_what_a_merge_took_and_parting_gave_back_is_no_change(account, manager, now):
    part = AccountFactory(plan="Studio", industry="Health", mrr=500, tier="high")
    Account.objects.filter(pk=account.pk).update(plan="Club")
    merge = actions.merge(account, part, take=["plan", "industry", "mrr"], by=manager, at=now)
    actions.edit(account, industry="Dental", by=manager, at=now + timedelta(minutes=1))
    read = Event.objects.on(account.timeline).of_kinds(changed.KINDS).order_by("id")
    assert ("Plan", "Club", "Studio") in said(read)

    actions.unmerge(merge, by=manager, at=now + timedelta(minutes=2))

    assert said(read.all()) == [("Industry", "nothing", "Dental")]
    changes = {"plan": ["Studio", "Club"], "mrr": ["£500", "£249"]}
    assert read.last().payload["changes"] == changes


def test_changes_are_said_in_words(now):
    events = [
        event("owner_changed", now, before="Ada Lovett", after=""),
        event("churned", now, on="2024-07-01"),
        event("merged", now, changes={"custom.Chairs": ["2", "3"]}),
    ]

    assert sorted(said(events)) == [
        ("Chairs", "2", "3"),
        ("Last day", "nothing", "1 July 2024"),
        ("Owner", "Ada Lovett", "nobody"),
    ]


def test_people_who_come_and_go_are_changes(now):
    events = [
        event("contact_added", now, name="Jude"),
        event("contact_changed", now, name="Jude", changes={}),
        event("contact_changed", now, name="Nadia", changes={}),
        event("contact_removed", now, name="Colin"),
        event("contact_changed", now, name="Bea", changes={}),
        event("contact_restored", now, name="Bea"),
    ]

    assert sorted(said(events)) == [
        ("Bea", "", "brought back"),
        ("Colin", "", "removed"),
        ("Jude", "", "added"),
        ("Nadia", "", "changed"),
    ]


def test_the_page_says_what_changed_lately(as_agent, account, manager, url):
    long_ago, at = timezone.now() - timedelta(days=40), timezone.now() - timedelta(days=9)
    account.created_at = long_ago
    account.save()
    assert "What has changed" not in as_agent.get(url).content.decode()
    actions.change_stage(account, to="test_drive", reason="Demo", by=manager, at=long_ago)
    actions.change_owner(account, to=manager, by=manager, at=at)

    response = as_agent.get(url)

    page = response.content.decode()
    assert "What has changed" in page
    (change,) = response.context["page"].changed
    assert (change.label, change.before, change.after) == ("Owner", "Ada Lovett", "Max Brandt")


def test_setting_a_record_up_is_no_change(as_agent, account, agent, url):
    actions.edit(account, plan="Studio", by=agent, at=timezone.now())

    assert as_agent.get(url).context["page"].changed == []


# --- How complete the record is


def test_the_page_asks_for_one_fact_at_a_time(as_agent, account, url):
    response = as_agent.get(url)

    complete = response.context["page"].complete
    assert complete.question.key == "contact"
    page = response.content.decode()
    assert "1 of 7 known" in page
    assert "How can they be reached?" in page
    assert f'href="{url}contacts/new/"' in page
    assert 'href="?skip=contact#completeness"' in page


def test_a_question_that_is_put_off_makes_room_for_the_next(as_agent, url):
    page = as_agent.get(url, {"skip": "contact"}).content.decode()

    assert "When do they renew?" in page
    assert f'action="{url}facts/renews_on/?skip=contact"' in page
    assert 'href="?skip=contact.renews_on#completeness"' in page
