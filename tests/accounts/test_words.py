import datetime
import re

import pytest
import time_machine
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from apps.accounts import actions
from apps.accounts.actions import many
from apps.accounts.models import CustomField
from apps.history import kinds
from apps.history.models import Event
from tests.factories.accounts import AccountFactory, ContactFactory, InsightFactory
from tests.factories.history import EventFactory


def words(html):
    """The text of a piece of a page, its parts apart."""
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def say(event):
    """An event as the timeline says it, without its markup."""
    html = render_to_string(event.about.template, {"event": event})
    if event.about.has_body:
        html += render_to_string(event.about.body_template, {"event": event})
    return " ".join(strip_tags(html).split())


def sentences(account):
    return [say(event) for event in Event.objects.on(account.timeline).order_by("id")]


@pytest.fixture(autouse=True)
def today(now):
    with time_machine.travel(now, tick=False):
        yield


def test_the_record_says_what_happened_to_it(agent, manager, now):
    account = actions.create(
        by=agent,
        at=now,
        name="A",
        reference="A-1",
        mrr=249,
        owner=agent,
        started_on=datetime.date(2024, 2, 1),
        source="an import",
    )
    actions.edit(account, by=agent, at=now, mrr=100, plan="Studio", source="an import")
    actions.edit(account, by=agent, at=now, plan="")
    actions.edit(account, by=agent, at=now, started_on=datetime.date(2024, 3, 1))
    actions.change_owner(account, to=manager, by=manager, at=now)
    actions.change_owner(account, to=None, by=manager, at=now)
    actions.change_stage(account, to="wandering_eye", reason="asked around", by=agent, at=now)
    actions.override_tier(account, tier="high", reason="Reference", by=manager, at=now)
    actions.tier_by_thresholds(account, by=manager, at=now)
    actions.override_tier(account, tier="standard", reason="Small", by=manager, at=now)
    actions.mark_churned(account, on=now.date(), by=None, at=now, source="a letter")
    actions.withdraw_churn(account, by=agent, at=now)

    assert sentences(account) == [
        "Customer added by Ada Lovett, an import",
        "Details changed by Ada Lovett, an import MRR: £100, was £249 Plan: Studio",
        "Details changed by Ada Lovett Plan: removed, was Studio",
        "Details changed by Ada Lovett Customer since: 1 March 2024, was 1 February 2024",
        "Owner changed from Ada Lovett to Max Brandt by Max Brandt",
        "Owner changed from Max Brandt to nobody by Max Brandt",
        "Stage changed from Lead generation to Wandering eye by Ada Lovett: “asked around”",
        "Tier changed from Standard to High by Max Brandt: “Reference”",
        "Tier changed from High to Standard by Max Brandt",
        "Tier changed fixed at Standard by Max Brandt: “Small”",
        "Last day: today by Mainstay, a letter",
        "Stage changed from Wandering eye to Churn by Mainstay, a letter",
        "Stays after all by Ada Lovett, the last day was today",
        "Stage changed from Churn to Retention by Ada Lovett, staying after all",
    ]


def test_the_record_says_what_happened_to_its_people(account, agent, now):
    contact = actions.add_contact(account, by=agent, at=now, name="Nadia").contact
    actions.edit_contact(contact, by=agent, at=now, title="Owner")
    said = {"channel": "sms", "source": "On a call", "by": agent, "at": now}
    actions.record_permission(contact, is_given=True, **said)
    actions.record_permission(contact, is_given=False, **said)
    identity = actions.add_identity(account, kind="external", value="N-7", by=agent, at=now)
    actions.remove_identity(identity, by=agent, at=now)

    assert sentences(account) == [
        "Nadia added by Ada Lovett",
        "Nadia changed by Ada Lovett What they do: Owner",
        "Nadia allows: Text message On a call, by Ada Lovett",
        "Nadia no longer allows: Text message On a call, by Ada Lovett",
        "Recognised by N-7 Number elsewhere, by Ada Lovett",
        "No longer recognised by N-7 Number elsewhere, by Ada Lovett",
    ]


def test_a_field_of_our_own_says_what_happened_to_it(admin, now):
    field = CustomField(key="chairs", label="Chairs", kind="number")
    actions.add_field(field, by=admin, at=now)
    field.hint = "How many?"
    actions.change_field(field, by=admin, at=now)
    actions.retire_field(field, by=admin, at=now)
    actions.restore_field(field, by=None, at=now)

    assert sentences(field) == [
        "Iris Kaya added the field Chairs",
        "Iris Kaya edited the field Chairs: hint",
        "Iris Kaya retired the field Chairs",
        "Mainstay restored the field Chairs",
    ]


def test_records_come_together_and_go(manager, now):
    kept, given_up = AccountFactory(name="Ash", reference="A-1"), AccountFactory(name="Ash Ltd")
    contact = ContactFactory(account=kept, name="Nadia")
    pair = actions.merge(kept, given_up, by=manager, at=now)
    actions.unmerge(pair, by=manager, at=now)
    actions.remove_contact(contact, by=manager, at=now)
    actions.restore_contact(contact, by=manager, at=now)
    actions.remove_account(kept, reason="Typed in twice", by=manager, at=now)
    actions.restore_account(kept, by=manager, at=now)

    said = [line.partition(" by ")[0] for line in sentences(kept)]
    other = f"Ash Ltd ({given_up.reference})"
    assert said == [
        f"Merged with {other}",
        f"Parted from {other}",
        "Nadia removed",
        "Nadia restored",
        "Customer removed",
        "Customer restored",
    ]
    assert [line.partition(" by ")[0] for line in sentences(given_up)] == [
        "Merged into Ash (A-1)",
        "Parted from Ash (A-1)",
    ]


def test_what_we_learned_names_who_said_so(account, agent, now):
    day = now.date()
    actions.learn(
        account, topic="wants", text="Fewer calls", source="Nadia", said_on=day, by=agent, at=now
    )
    actions.hand_over(
        account, sold_by="Rhodri", said_on=day, by=agent, at=now, promises=["A reader by June"]
    )

    learned, handed_over = sentences(account)
    assert learned.startswith("What they want as told by Nadia, written down by Ada Lovett")
    assert handed_over.startswith(
        "Handed over from sales sold by Rhodri, written down by Ada Lovett"
    )


def test_a_promise_of_the_sale_is_settled_and_open_again(account, agent, now):
    promise = InsightFactory(account=account, topic="expectation", text="A reader by June")
    settled = {"on": now.date(), "by": agent, "at": now}
    actions.settle_expectation(account, promise, verdict="not_met", why="Sold out", **settled)
    actions.reopen_expectation(account, promise, by=agent, at=now)
    actions.settle_expectation(account, promise, verdict="met", **settled)

    assert [line.partition(" by ")[0] for line in sentences(account)] == [
        "What the sale promised was not met",
        "What the sale promised is open again",
        "What the sale promised was met",
    ]


def test_whoever_gets_many_customers_reads_how_many(agent, manager, now):
    many.tell_new_owner(agent.pk, count=37, change=1, by=manager, at=now)

    assert sentences(agent.member) == ["Owner of 37 more customers by Max Brandt"]


def test_every_kind_of_the_record_was_said_above(account, agent, now):
    said = {
        "created changed owner_changed stage_changed tier_changed churned returned",
        "contact_added contact_changed permission_given permission_withdrawn",
        "identity_added identity_removed",
        "field_added field_changed field_retired field_restored",
        "merged unmerged removed restored contact_removed contact_restored",
        "learned handed_over expectation_settled expectation_reopened customers_given",
    }

    ours = {name for name in kinds.names() if name.startswith("accounts.")}
    assert ours == {f"accounts.{verb}" for line in said for verb in line.split()}


@pytest.mark.django_db
def test_what_a_reason_says_is_text_not_markup():
    payload = {"before": "lead", "after": "churn", "reason": "<b>loud</b>"}
    event = EventFactory(kind="accounts.stage_changed", payload=payload)

    html = render_to_string(event.about.template, {"event": event})

    assert "&lt;b&gt;loud&lt;/b&gt;" in html


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{{ "wandering_eye"|word:"stage" }}', "Wandering eye"),
        ('{{ "gold"|word:"tier" }}', "gold"),
        ('{{ "mrr"|label }}', "MRR"),
        ('{{ "shoe_size"|label }}', "Shoe size"),
        ('{{ "2026-06-09"|written:"renews_on" }}', "Today"),
        ('{{ ""|written:"renews_on" }}', ""),
        ('{{ "Studio"|written:"plan" }}', "Studio"),
        ('{{ "custom.NPS score"|label }}', "NPS score"),
        ('{{ "2026-06-09"|written:"custom.Booked_on" }}', "Today"),
        ('{{ "soon"|written:"custom.Booked_on" }}', "soon"),
        ('{{ ""|written:"custom.Booked_on" }}', ""),
        ('{{ "+441614960142"|phone }}', "+44 161 496 0142"),
        ('{{ "unknown"|phone }}', "unknown"),
    ],
)
def test_codes_are_put_into_words(template, text):
    assert Template("{% load accounts %}" + template).render(Context()) == text


@pytest.mark.django_db
def test_the_facts_leave_out_what_is_not_known(now):
    account = AccountFactory.build(
        pk=1, timeline=None, started_on=None, stage_since=now, reference="A-1"
    )
    html = render_to_string("accounts/_facts.html", {"account": account})

    assert words(html) == (
        "Facts Reference A-1 Stage Retention since Today Tier Standard Their time 10:30"
        " Europe/London"
    )


def test_the_customer_page_shows_people_and_what_they_said(as_agent, account, now):
    silent = ContactFactory(account=account, name="Zoe", email="")
    contact = actions.add_contact(
        account, by=None, at=now, name="Nadia", phone="+441614960142"
    ).contact
    for channel, is_given in [("sms", False), ("email", True)]:
        actions.record_permission(
            contact, channel=channel, is_given=is_given, source="On a call", by=None, at=now
        )

    page = as_agent.get(account.get_absolute_url()).content.decode()

    assert "E-mail, yes On a call, Today Text message, no On a call, Today" in words(page)
    assert "Not asked yet whether we may contact them." in words(page)
    assert f'id="contact-{silent.pk}"' in page
    assert 'href="tel:+441614960142"' in page
