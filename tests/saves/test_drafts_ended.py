"""How a draft ends: its call is logged, it is dropped, or its customer is merged."""

from datetime import timedelta

import pytest

from apps.accounts import actions as accounts
from apps.history.models import Event
from apps.saves import actions
from apps.saves.actions import drafts
from apps.saves.models import Draft, SaveCase
from tests.factories.accounts import AccountFactory
from tests.factories.reasons import ReasonFactory

MINUTE = timedelta(minutes=1)


@pytest.fixture
def dropped(opening, keep, agent, now):
    draft = keep(opening, "A misunderstanding.")
    return drafts.drop(draft, reason="Wrong customer", by=agent, at=now)


def words(draft):
    return draft.answers["verbatim"][0]


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
