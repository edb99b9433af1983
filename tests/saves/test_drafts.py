"""Keeping what an agent typed: in order, once, and beside what others typed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import signing

from apps.accounts.models import Account
from apps.history.models import Event
from apps.saves import actions
from apps.saves.actions import drafts
from apps.saves.models import Draft
from apps.saves.queries import drafts as queries
from tests.factories.saves import DraftFactory
from tests.factories.users import make_person

MINUTE = timedelta(minutes=1)


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
