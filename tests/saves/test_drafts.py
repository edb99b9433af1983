"""Keeping what an agent typed: in order, once, beside what others typed, and to an end."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import signing
from django.db import DatabaseError, IntegrityError, connections, transaction

from apps.accounts import actions as accounts
from apps.accounts.models import Account
from apps.history.models import Event
from apps.saves import actions
from apps.saves.actions import drafts
from apps.saves.models import Draft, SaveCase
from apps.saves.queries import drafts as queries
from tests.factories.accounts import AccountFactory
from tests.factories.reasons import ReasonFactory
from tests.factories.saves import DraftFactory
from tests.factories.users import make_person

MINUTE = timedelta(minutes=1)


@pytest.fixture
def opening(account, agent, now):
    return actions.open_call(account, by=agent, at=now)


@pytest.fixture
def keep(agent, now):
    """Keep words as a page does: `keep(opening, "Too dear.", version=1)`."""

    def keep(opening, words, *, version=0, at=now, by=agent, verb=drafts.keep, **more):
        answers = {"verbatim": [words], **{name: [text] for name, text in more.items()}}
        return verb(opening, by=by, at=at, answers=answers, version=version)

    return keep


@pytest.fixture
def dropped(opening, keep, agent, now):
    draft = keep(opening, "A misunderstanding.")
    return drafts.drop(draft, reason="Wrong customer", by=agent, at=now)


def words(draft):
    return draft.answers["verbatim"][0]


def test_the_first_keeping_begins_the_call_as_it_was_opened(account, agent, opening, keep, now):
    draft = keep(opening, "Too dear.", at=now + 2 * MINUTE)

    draft.refresh_from_db()
    assert (draft.key, draft.account, draft.agent) == (opening.key, account, agent)
    assert (draft.version, draft.opened_at, draft.kept_at) == (1, now, now + 2 * MINUTE)
    assert draft.answers == {"verbatim": ["Too dear."]}
    assert Event.objects.count() == 0


def test_a_call_goes_on_as_it_was_opened(account, agent, opening, keep, now):
    keep(opening, "Too dear.")
    Account.objects.update(mrr=Decimal("1.00"))
    account.refresh_from_db()

    again = actions.open_call(account, by=agent, at=now + 9 * MINUTE)

    assert again == opening


def test_a_call_goes_on_although_the_secret_key_was_changed(account, agent, opening, keep, now):
    draft = keep(opening, "Too dear.")
    Draft.objects.update(opening=signing.dumps("x", salt="another"))

    again = actions.open_call(account, by=agent, at=now + 9 * MINUTE)

    assert (again.key, again.at, again.mrr) == (draft.key, now, account.mrr)


def test_keeping_the_same_again_changes_nothing(opening, keep, now):
    first = keep(opening, "Too dear.")

    second = keep(opening, "Too dear.", at=now + MINUTE)

    assert Draft.objects.get() == first
    assert (second.version, second.kept_at) == (1, now)


def test_whoever_knows_the_newest_version_goes_on_from_it(opening, keep, now):
    keep(opening, "Too")

    draft = keep(opening, "Too dear.", version=1, at=now + MINUTE)

    assert (words(draft), draft.version, draft.kept_at) == ("Too dear.", 2, now + MINUTE)


def test_the_call_time_alone_is_no_new_version(opening, keep):
    keep(opening, "Too dear.", length="00:10")

    draft = keep(opening, "Too dear.", version=1, length="05:00")

    draft.refresh_from_db()
    assert (draft.answers["length"], draft.version) == (["05:00"], 1)


def test_a_page_that_knows_an_older_version_is_told_whose_words_are_kept(opening, keep, now):
    kept = keep(opening, "In the first tab.")

    with pytest.raises(drafts.Behind) as refusal:
        keep(opening, "In the second tab.", at=now + MINUTE)

    assert refusal.value.draft == kept
    assert words(Draft.objects.get()) == "In the first tab."


def test_a_page_whose_answer_got_lost_goes_on_all_the_same(opening, keep):
    keep(opening, "Too", page="tab.1")

    draft = keep(opening, "Too dear.", page="tab.2")

    assert (words(draft), draft.version) == ("Too dear.", 2)


@pytest.mark.parametrize("version", [0, 1])
def test_what_arrives_late_never_replaces_newer_words_of_the_same_page(opening, keep, version):
    keep(opening, "Too dear.", page="tab.10")

    draft = keep(opening, "Too", version=version, page="tab.9")

    assert (words(draft), draft.version) == ("Too dear.", 1)


@pytest.mark.parametrize("page", ["", "tab", "tab.x", ".3"])
def test_a_page_that_does_not_say_which_it_is_goes_by_the_version(opening, keep, page):
    keep(opening, "In the first tab.", page=page)

    with pytest.raises(drafts.Behind):
        keep(opening, "In the second tab.", page=page)


def test_insisting_lays_the_other_words_aside(opening, keep, now):
    keep(opening, "In the first tab.")

    draft = keep(opening, "In the second tab.", at=now + MINUTE, verb=drafts.insist)

    draft.refresh_from_db()
    assert (words(draft), draft.version) == ("In the second tab.", 2)
    assert draft.asides == [
        {"kept_at": now.isoformat(), "answers": {"verbatim": ["In the first tab."]}}
    ]


def test_insisting_on_the_same_words_lays_nothing_aside(opening, keep):
    keep(opening, "Too dear.")

    draft = keep(opening, "Too dear.", verb=drafts.insist)

    assert (draft.version, draft.asides) == (1, [])


def test_insisting_where_nobody_is_in_the_way_is_keeping(opening, keep):
    first = keep(opening, "Too", verb=drafts.insist)
    second = keep(opening, "Too dear.", version=1, verb=drafts.insist)

    assert first == second
    assert (words(second), second.asides) == ("Too dear.", [])


def test_giving_way_lays_ones_own_words_aside_once(opening, keep, now):
    keep(opening, "In the first tab.")

    for _ in range(2):
        draft = keep(opening, "In the second tab.", at=now + MINUTE, verb=drafts.set_aside)

    draft.refresh_from_db()
    assert words(draft) == "In the first tab."
    assert [each["answers"] for each in draft.asides] == [{"verbatim": ["In the second tab."]}]


def test_giving_way_to_the_same_words_or_to_nobody_keeps_them(opening, keep):
    keep(opening, "Too dear.", verb=drafts.set_aside)
    draft = keep(opening, "Too dear.", verb=drafts.set_aside)

    assert (words(draft), draft.asides) == ("Too dear.", [])


def test_what_a_browser_had_kept_comes_back_or_stands_beside_newer_words(opening, keep, now):
    restored = keep(opening, "From the browser.", verb=drafts.restore)
    assert words(restored) == "From the browser."

    draft = keep(opening, "Older.", at=now + MINUTE, verb=drafts.restore)

    assert words(draft) == "From the browser."
    assert [each["answers"]["verbatim"] for each in draft.asides] == [["Older."]]


def test_words_that_were_laid_aside_change_places_with_the_draft(opening, keep, now):
    keep(opening, "In the first tab.")
    draft = keep(opening, "In the second tab.", at=now + MINUTE, verb=drafts.insist)

    draft = drafts.use(draft, kept_at=now.isoformat(), at=now + 2 * MINUTE)

    draft.refresh_from_db()
    assert (words(draft), draft.version) == ("In the first tab.", 3)
    assert [each["answers"]["verbatim"] for each in draft.asides] == [["In the second tab."]]
    assert drafts.use(draft, kept_at="never", at=now).asides == draft.asides


def test_the_last_twenty_asides_are_kept(opening, keep, now):
    keep(opening, "The draft.")
    for number in range(25):
        draft = keep(opening, str(number), at=now + number * MINUTE, verb=drafts.set_aside)

    assert len(draft.asides) == 20
    assert draft.asides[0]["answers"] == {"verbatim": ["24"]}


def test_a_draft_has_a_greatest_length(opening, keep):
    with pytest.raises(drafts.TooLong, match="longer than 64 kB. Shorten it"):
        keep(opening, "x" * 65_536)

    assert not Draft.objects.exists()


def test_logging_ends_the_draft_and_nothing_is_kept_after(account, agent, opening, keep, now):
    draft = keep(opening, "Too dear.")
    case = _log(opening, agent, now)

    draft.refresh_from_db()
    assert draft.case == case
    assert not draft.is_open
    with pytest.raises(drafts.Logged) as refusal:
        keep(opening, "Too late.", version=1)
    assert refusal.value.case == case
    assert actions.open_call(account, by=agent, at=now).key != opening.key


def test_logging_from_a_page_that_is_behind_is_refused_whole(agent, opening, keep, now):
    keep(opening, "In the first tab.")
    seen = drafts.Seen(0, {"verbatim": ["In the second tab."]})

    with pytest.raises(drafts.Behind) as refusal:
        _log(opening, agent, now, seen=seen)

    assert refusal.value.draft.kept_at == now
    assert not SaveCase.objects.exists()
    assert Event.objects.count() == 0
    assert Draft.objects.get().is_open


@pytest.mark.parametrize(
    "seen",
    [
        drafts.Seen(1, {"verbatim": ["Said since."]}),
        drafts.Seen(0, {"verbatim": ["Too dear."]}),
        drafts.Seen(0, {"verbatim": ["Said since."], "page": ["tab.2"]}),
        None,
    ],
)
def test_logging_from_a_page_that_knows_the_draft_is_not(agent, opening, keep, now, seen):
    keep(opening, "Too dear.", page="tab.1")

    _log(opening, agent, now, seen=seen)

    assert SaveCase.objects.count() == 1


def _log(opening, agent, now, **more):
    return actions.log(
        opening,
        by=agent,
        at=now,
        reason=ReasonFactory(),
        verbatim="Too dear.",
        outcome="stayed",
        seconds=90,
        **more,
    )


def test_dropping_says_why_in_the_history_once(account, agent, dropped, now):
    drafts.drop(dropped, reason="Again", by=agent, at=now + MINUTE)

    dropped.refresh_from_db()
    assert (dropped.dropped_at, dropped.drop_reason) == (now, "Wrong customer")
    event = Event.objects.get()
    assert (event.kind, event.timeline, event.actor) == (
        "saves.draft_dropped",
        account.timeline,
        agent,
    )
    assert event.payload == {"reason": "Wrong customer", "began": now.isoformat()}


def test_a_call_after_one_that_was_dropped_is_another_call(account, agent, opening, dropped, now):
    again = actions.open_call(account, by=agent, at=now + MINUTE)

    assert again.key != opening.key
    assert again.at == now + MINUTE
    assert actions.open_call(account, by=agent, at=now).key == again.key


def test_a_page_of_a_dropped_draft_is_told_and_may_take_it_up_again(opening, keep, dropped):
    for verb in (drafts.keep, drafts.set_aside):
        with pytest.raises(drafts.Dropped) as refusal:
            keep(opening, "Said since.", version=1, verb=verb)
    assert refusal.value.draft == dropped

    draft = keep(opening, "Said since.", version=1, verb=drafts.insist)

    assert draft == dropped
    assert draft.is_open
    assert words(draft) == "Said since."
    assert list(Event.objects.order_by("id").values_list("kind", flat=True)) == [
        "saves.draft_dropped",
        "saves.draft_reopened",
    ]


def test_a_dropped_draft_is_taken_up_once(agent, account, opening, dropped, now):
    for _ in range(2):
        draft = drafts.reopen(dropped, by=agent, at=now)

    assert (draft.drop_reason, draft.is_open) == ("", True)
    assert Event.objects.filter(kind="saves.draft_reopened").count() == 1
    assert actions.open_call(account, by=agent, at=now).key == opening.key


def test_a_dropped_draft_is_laid_beside_the_call_that_was_begun_since(
    account, agent, keep, dropped, now
):
    newer = keep(actions.open_call(account, by=agent, at=now), "The next call.")

    for _ in range(2):
        draft = drafts.reopen(dropped, by=agent, at=now)

    assert draft == newer
    assert [each["answers"]["verbatim"] for each in draft.asides] == [["A misunderstanding."]]
    dropped.refresh_from_db()
    assert not dropped.is_open


def test_a_dropped_draft_with_the_same_words_needs_no_place(account, agent, keep, dropped, now):
    keep(actions.open_call(account, by=agent, at=now), "A misunderstanding.")

    assert drafts.reopen(dropped, by=agent, at=now).asides == []


def test_a_call_that_is_logged_cannot_be_dropped(agent, opening, keep, now):
    draft = keep(opening, "Too dear.")
    case = _log(opening, agent, now)

    with pytest.raises(drafts.Logged) as refusal:
        drafts.drop(draft, reason="Wrong customer", by=agent, at=now)

    assert refusal.value.case == case


def test_a_draft_goes_with_a_customer_who_is_merged(account, agent, opening, keep, manager, now):
    keep(opening, "Said before the merge.")
    kept = AccountFactory(team=account.team, name="The one that stays")
    accounts.merge(kept, account, by=manager, at=now)

    again = actions.open_call(kept, by=agent, at=now)
    assert (again.key, again.account_id) == (opening.key, kept.pk)
    draft = keep(again, "Said after it.", version=1)
    assert words(draft) == "Said after it."
    assert Draft.objects.count() == 1
    assert draft.customer == kept

    drafts.drop(draft, reason="Wrong customer", by=agent, at=now)
    assert Event.objects.get(kind="saves.draft_dropped").timeline == kept.timeline


def test_a_page_older_than_a_merge_goes_on_with_the_draft_there_is(
    account, agent, opening, keep, manager, now
):
    kept = AccountFactory(team=account.team)
    before = actions.open_call(kept, by=agent, at=now)
    keep(opening, "Said to the one.")
    accounts.merge(kept, account, by=manager, at=now)

    with pytest.raises(drafts.Behind):
        keep(before, "Said to the other.")
    draft = keep(before, "Said to the other.", verb=drafts.insist)

    assert Draft.objects.get() == draft
    assert [each["answers"]["verbatim"] for each in draft.asides] == [["Said to the one."]]


def test_what_a_line_about_a_draft_says(agent, account):
    draft = DraftFactory(answers={"verbatim": ["Too dear."], "outcome": ["left"]})
    bare = DraftFactory(answers={"outcome": []})

    assert (draft.words, draft.ending, str(draft)) == ("Too dear.", "Left", f"Draft {draft.pk}")
    assert (bare.words, bare.ending) == ("", "")


def test_calls_of_colleagues_are_known_but_not_their_words(account, agent, now):
    ben = make_person("agent", name="Ben Okoro", team=account.team)
    gone = make_person("agent", name="Gone", team=account.team, is_active=False)
    for each in (ben, gone):
        DraftFactory(account=account, agent=each, opened_at=now, answers={"verbatim": ["x"]})
    DraftFactory(account=account, agent=make_person("agent"), dropped_at=now, drop_reason="x")

    around = queries.around(account, agent=agent)

    assert around.others == [queries.Other("Ben Okoro", now)]
    assert (around.mine, around.dropped) == (None, None)


@pytest.mark.parametrize(
    ("answers", "minutes", "seconds", "stands"),
    [
        ({}, 0, 120, False),
        ({}, 3, 300, False),
        ({"length": ["01:05"]}, 3, 245, False),
        ({"length": ["1:00:00"]}, 0, 3600, False),
        ({"length": ["01:05"], "paused": ["on"]}, 3, 65, True),
        ({"length": ["01:05"]}, 16, 65, True),
        ({"length": ["soon"]}, 16, 120, True),
    ],
)
def test_the_timer_goes_on_from_what_was_kept(opening, now, answers, minutes, seconds, stands):
    kept_at = now + 2 * MINUTE

    clock = queries.clock(answers, opening, kept_at=kept_at, at=kept_at + minutes * MINUTE)

    assert (clock.seconds, clock.stands) == (seconds, stands)


def at_once(count, act):
    """Call `act(number)` in so many threads at the same moment; return what went wrong."""
    barrier, problems = threading.Barrier(count), []

    def run(number):
        try:
            barrier.wait(20)
            act(number)
        except (DatabaseError, drafts.NotKept) as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return problems


@pytest.mark.django_db(transaction=True)
def test_many_first_keepings_at_once_make_one_draft_and_lose_no_words(opening, keep):
    problems = at_once(8, lambda number: keep(opening, str(number), verb=drafts.restore))

    assert problems == []
    draft = Draft.objects.get()
    said = {words(draft), *(each["answers"]["verbatim"][0] for each in draft.asides)}
    assert said == {str(number) for number in range(8)}


@pytest.mark.django_db(transaction=True)
def test_the_database_holds_one_open_draft_of_an_agent_and_a_customer(account, agent):
    DraftFactory(account=account, agent=agent)

    with pytest.raises(IntegrityError, match="saves_draft_one_open"), transaction.atomic():
        DraftFactory(account=account, agent=agent)


@pytest.mark.django_db(transaction=True)
def test_keeping_and_logging_at_once_leave_no_draft_behind(account, agent, opening, keep, now):
    reason = ReasonFactory()

    def act(number):
        if number:
            keep(opening, str(number), verb=drafts.restore)
        else:
            actions.log(
                opening,
                by=agent,
                at=now,
                reason=reason,
                verbatim="Too dear.",
                outcome="stayed",
                seconds=90,
            )

    problems = at_once(6, act)

    assert [each for each in problems if not isinstance(each, drafts.Logged)] == []
    assert SaveCase.objects.count() == 1
    assert not Draft.objects.open().exists()
