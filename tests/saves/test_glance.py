"""Who they are: what the save page knows of a customer before anybody clicks."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from apps.history import actions as history
from apps.saves import actions
from apps.saves.queries import glance
from tests.factories.accounts import (
    AccountFactory,
    ContactFactory,
    ContactPermissionFactory,
    InsightFactory,
)
from tests.factories.reasons import CategoryFactory, CompetitorFactory, ReasonFactory
from tests.factories.saves import (
    CommitmentFactory,
    DraftFactory,
    SaveCaseFactory,
    WatchFactory,
    WinBackFactory,
)
from tests.factories.users import make_person


@pytest.fixture(autouse=True)
def at(now):
    """A Tuesday morning, 10:30 in London."""
    with time_machine.travel(now, tick=False):
        yield now


@pytest.fixture
def url(account):
    return reverse("saves:new", args=[account.pk])


@pytest.fixture
def look(as_agent, url):
    """Show the page; its text without markup and line breaks."""

    def show(only="aside"):
        page = as_agent.get(url).content.decode()
        part = re.search(rf"<{only}[^>]*>.*?</{only.split()[0]}>", page, re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", part[0]).split()) if part else None

    return show


def test_a_new_customer_has_nothing_open_and_no_story(look):
    panel = look()

    for words in ("Nothing is open.", "They have never asked to leave.", "Nothing has happened"):
        assert words in panel
    assert "Last touch None yet" in panel
    assert "May we contact them?" not in panel


def test_value_and_tenure_stand_in_the_panel(look, account):
    account.mrr, account.plan = Decimal("249.50"), "Studio"
    account.started_on, account.renews_on = date(2023, 5, 9), date(2026, 7, 1)
    account.save()
    account.timeline.last_touch_at = account.created_at
    account.timeline.save()

    panel = look()

    for words in ("MRR £249.50", "A year £2,994", "Plan Studio", "Customer for 3 years 1 month"):
        assert words in panel
    assert "Renews Wed 1 July" in panel
    assert "None yet" not in panel


def test_earlier_calls_say_how_they_ended_and_what_became_of_them(look, account, at):
    rival = CompetitorFactory(name="Rampart Booking")
    saved = SaveCaseFactory(
        account=account, opened_at=at - timedelta(days=99), verbatim="Too dear.", competitor=rival
    )
    WatchFactory(case=saved, account=account, rung="tried_again", day=12, next_on=None)
    SaveCaseFactory(
        account=account,
        opened_at=at - timedelta(days=3),
        outcome="left",
        leaves_on=date(2026, 7, 1),
        reason_text="Support: Treated badly",
    )

    panel = look()

    assert "Support: Treated badly Left, Sat 6 June." in panel
    assert "Stayed, Mon 2 March. Rampart Booking. “Too dear.” Tried again, day 12" in panel


def test_what_is_open_stands_first_late_things_marked(look, as_agent, url, account, at):
    helen = make_person("agent", name="Helen Adeyemi")
    SaveCaseFactory(
        account=account,
        opened_at=at - timedelta(days=2),
        outcome="undecided",
        call_back_at=at - timedelta(hours=2),
        waits_for="the board",
    )
    due = {"account": account, "owner": helen}
    CommitmentFactory(**due, text="Send the invoice again", due_on=date(2026, 6, 11))
    CommitmentFactory(**due, text="Ask billing", due_on=date(2026, 6, 8))
    settled = {"settled_at": at}
    CommitmentFactory(
        **due, **settled, text="Call the owner", due_on=date(2026, 6, 1), state="broken"
    )
    CommitmentFactory(**due, **settled, text="Long ago", due_on=date(2025, 6, 1), state="broken")
    CommitmentFactory(**due, **settled, text="Done", state="kept", evidence="Invoice 7")
    InsightFactory(
        account=account, topic="expectation", text="A second site", source="Ben", due_on=at.date()
    )
    InsightFactory(account=account, topic="expectation", text="One login", source="Ben")

    panel = look()

    assert panel.index("Open") < panel.index("MRR")
    for words in (
        "We said we would call back today, 08:30. They wait for: the board",
        "Ask billing Helen Adeyemi, was due yesterday",
        "Send the invoice again Helen Adeyemi, due Thu 11 June",
        "Call the owner Helen Adeyemi, was due Mon 1 June",
        "A second site Promised at the sale, by today (Ben)",
        "One login Promised at the sale (Ben)",
        "Commitments 1 kept, 2 broken, 2 open",
    ):
        assert words in panel
    assert "Long ago" not in panel
    assert as_agent.get(url).content.decode().count("line-ic late") == 3


def test_a_call_back_to_come_waits_and_one_that_was_followed_up_does_not(look, account, at):
    first = SaveCaseFactory(
        account=account,
        opened_at=at - timedelta(days=4),
        outcome="undecided",
        call_back_at=at + timedelta(days=1),
    )

    assert "Call back tomorrow, 10:30." in look()

    SaveCaseFactory(account=account, continues=first, opened_at=at - timedelta(days=3))
    assert "all back tomorrow" not in look()


def test_pinned_notes_are_read_first_and_hostile_ones_are_text(look, as_agent, url, account, agent):
    event = history.add_note(
        account.timeline, text="<b>Ask</b> {customer}", by=agent, at=account.created_at
    )
    history.pin(event, by=agent, at=account.created_at)

    page = as_agent.get(url).content.decode()

    assert "&lt;b&gt;Ask&lt;/b&gt; {customer}" in page
    assert "<b>Ask</b>" not in page
    assert "Ada Lovett" in look()


def test_each_person_s_last_word_on_a_channel_counts(look, as_agent, url, account, at):
    nadia = ContactFactory(account=account, name="Nadia Rahman", is_primary=True)
    ContactFactory(account=account, name="Colin Frayne")
    gone = ContactFactory(account=account, name="Gone", removed_at=at)
    days = [at - timedelta(days=n) for n in (9, 2)]
    for contact, channel, is_given, said_at in (
        (nadia, "phone", False, days[0]),
        (nadia, "phone", True, days[1]),
        (nadia, "email", False, days[1]),
        (gone, "phone", True, days[1]),
    ):
        ContactPermissionFactory(
            contact=contact, channel=channel, is_given=is_given, said_at=said_at
        )

    panel = look()

    assert (
        "May we contact them? Nadia Rahman E-mail, no Phone, yes Colin Frayne Not asked yet."
        in panel
    )
    assert f'data-person="{nadia.pk}"' in as_agent.get(url).content.decode()


def test_what_was_merged_into_a_customer_is_theirs(look, account, team, at):
    twin = AccountFactory(team=team, merged_into=account)
    SaveCaseFactory(account=twin, verbatim="From the other record.", opened_at=at)
    CommitmentFactory(account=twin, text="Said to the other record")
    InsightFactory(account=twin, topic="expectation", text="Expected by the other record")
    event = history.add_note(twin.timeline, text="Noted there", by=None, at=at)
    history.pin(event, by=make_person("agent"), at=at)

    panel = look()

    for words in ("From the other", "Said to the other", "Expected by the other", "Noted there"):
        assert words in panel


def test_the_latest_events_of_all_records_are_listed_newest_first(account, agent, team, at):
    twin = AccountFactory(team=team, merged_into=account)
    for number in range(5):
        for each in (account, twin):
            moment = at - timedelta(hours=number + (each is twin) / 2)
            history.add_note(each.timeline, text=f"{number}", by=agent, at=moment)

    events = glance.before(account, agent=agent).events

    assert [event.payload["text"] for event in events] == ["0", "0", "1", "1", "2"]
    assert [event.actor for event in events] == ["Ada Lovett"] * 5
    assert events[0].about.icon == "note"


# --- The call that this one continues


@pytest.fixture
def chained(account, at, agent):
    """Ben's call of an hour ago: undecided, something said, something open."""
    ben = make_person("agent", name="Ben Hart")
    call = SaveCaseFactory(
        account=account,
        agent=ben,
        contact=ContactFactory(account=account, name="Nadia Rahman"),
        competitor=CompetitorFactory(name="Rampart Booking"),
        opened_at=at - timedelta(hours=1),
        outcome="undecided",
        call_back_at=at + timedelta(hours=3),
        waits_for="the board",
        verbatim="The renewal came in £62 higher. <script>",
    )
    CommitmentFactory(account=account, case=call, owner=ben, text="Find the invoice")
    CommitmentFactory(account=account, owner=ben, text="Something else")
    return call


def test_a_call_soon_after_another_says_so_first_with_what_is_open(look, as_agent, url, chained):
    page = as_agent.get(url).content.decode()
    told = look('section class="callout info chain"')

    assert page.index('id="chain"') < page.index('class="callgrid"')
    assert told.startswith("Continues the call of today, 09:30 with Ben Hart : Price: Price rise")
    assert "Call back today, 13:30. They wait for: the board Find the invoice Ben Hart, due" in told
    assert "Undecided, Nadia Rahman called, Rampart Booking." in told
    assert "The renewal came in £62 higher. &lt;script&gt;" in told
    assert f'href="{chained.get_absolute_url()}"' in page


def test_what_that_call_left_open_is_not_said_twice(look, chained):
    panel = look()

    assert "Something else" in panel
    assert "Find the invoice" not in panel
    assert "Call back" not in panel


def test_a_chain_with_nothing_open_says_only_what_was_said(look, account, at):
    SaveCaseFactory(account=account, opened_at=at - timedelta(hours=23))

    told = look('section class="callout info chain"')

    assert "Stayed. It costs too much." in told
    assert "Nothing else is open." in look()


@pytest.mark.parametrize("hours", [24, 25, 24 * 9])
def test_a_call_after_a_day_is_a_new_one(look, account, at, hours):
    SaveCaseFactory(account=account, opened_at=at - timedelta(hours=hours))

    assert look('section class="callout info chain"') is None


def test_the_call_that_was_continued_already_is_not_continued_again(look, account, at):
    first = SaveCaseFactory(account=account, opened_at=at - timedelta(hours=2), verbatim="First.")
    SaveCaseFactory(
        account=account, opened_at=at - timedelta(hours=1), verbatim="Second.", continues=first
    )

    assert "Second." in look('section class="callout info chain"')


# --- Guidance


@pytest.fixture
def reason(account):
    category = CategoryFactory(name="Price", position=1)
    return ReasonFactory(
        category=category,
        say="{contact} of {customer}, you said {words}",
        ask="{plan} {mrr} {renews} {agent}",
        offer="A {plan}.",
    )


def test_guidance_is_filled_for_each_customer_although_it_is_kept_for_all(
    as_agent, account, reason, team, url
):
    ContactFactory(account=account, name="Nadia Rahman", is_primary=True)
    other = AccountFactory(team=team, name="Cobalt & Sons {words}", plan="Solo")

    first = as_agent.get(url).content.decode()
    second = as_agent.get(reverse("saves:new", args=[other.pk])).content.decode()

    assert ">Nadia Rahman</span> of <span" in first
    assert ">Larkspur Dental</span>, you said <q" in first
    assert 'data-blank="[whom you talk to]" class="blank">[whom you talk to]</span>' in second
    assert ">Cobalt &amp; Sons {words}</span>, you said <q" in second
    assert ">Solo</span>" in second
    assert ">Ada Lovett</span>" in second


def test_a_refused_form_quotes_what_was_typed_as_text(as_agent, url, reason):
    contact = ContactFactory(account=AccountFactory())  # of somebody else: not offered here
    typed = 'They said {customer} <q data-fact="plan"></q>'

    page = as_agent.post(url, {"verbatim": typed, "contact": contact.pk}).content.decode()

    assert (
        'data-blank="[their own words]">They said {customer} '
        "&lt;q data-fact=&quot;plan&quot;&gt;&lt;/q&gt;</q>" in page
    )
    assert 'class="blank">[whom you talk to]</span>' in page


def test_a_call_that_goes_on_quotes_what_was_kept(as_agent, agent, account, url, reason, at):
    contact = ContactFactory(account=account, name="Colin Frayne")
    opening = actions.open_call(account, by=agent, at=at - timedelta(minutes=9)).sign()
    answers = {"verbatim": ["It went <up>."], "contact": [str(contact.pk)]}
    DraftFactory(account=account, agent=agent, opening=opening, answers=answers)

    page = as_agent.get(url).content.decode()

    assert 'data-blank="[their own words]">It went &lt;up&gt;.</q>' in page
    assert ">Colin Frayne</span> of <span" in page


def test_nobody_is_told_to_offer_anything_to_who_just_left(
    look, as_agent, url, account, reason, at
):
    call = SaveCaseFactory(
        account=account,
        outcome="left",
        leaves_on=date(2026, 6, 1),
        opened_at=at - timedelta(days=20),
    )
    WinBackFactory(account=account, case=call, not_before=date(2026, 7, 1))
    account.churned_on = date(2026, 6, 1)
    account.save()

    page = as_agent.get(url).content.decode()

    assert '<div class="callgrid barred">' in page
    assert "No offers before Wed 1 July" in page
    account.churned_on = None
    account.save()
    assert '<div class="callgrid">' in as_agent.get(url).content.decode()


def test_the_page_asks_as_little_for_much_as_for_nothing(
    as_agent, url, account, chained, django_assert_max_num_queries, at
):
    for _ in range(3):
        SaveCaseFactory(account=account, opened_at=at - timedelta(days=9))
        ContactPermissionFactory(contact=ContactFactory(account=account))
        history.add_note(account.timeline, text="Noted", by=None, at=at)

    with django_assert_max_num_queries(13):
        as_agent.get(url)
    with django_assert_max_num_queries(8):
        as_agent.get(url)
