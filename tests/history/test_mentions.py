import pytest

from apps.history import actions, kinds, rules, sight
from apps.history.models import Event
from apps.history.templatetags.history import note
from tests.factories.history import EventFactory, TimelineFactory
from tests.factories.users import UserFactory


@pytest.mark.parametrize(
    ("text", "names", "said"),
    [
        ("Ask @Helen Adeyemi today", ["Helen Adeyemi"], {"Helen Adeyemi"}),
        ("Ask @Helen today", ["Helen Adeyemi"], set()),
        ("@Ana Ruiz knows", ["Ana", "Ana Ruiz"], {"Ana Ruiz"}),
        ("@Ana, @Ana Ruiz", ["Ana", "Ana Ruiz"], {"Ana", "Ana Ruiz"}),
        ("@Anabel knows", ["Ana"], set()),
        ("@A.B knows, @AxB does not", ["A.B"], {"A.B"}),
        ("Nobody", [], set()),
    ],
)
def test_a_text_mentions_whole_names(text, names, said):
    assert rules.mentioned(text, names) == said
    assert "".join(rules.split_mentions(text, names)) == text


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("Ask @helen ADEYEMI's team", ["Helen Adeyemi"], [("helen ADEYEMI", None)]),
        ("@Ana Ruiz, (@Ana)", ["Ana", "Ana Ruiz"], [("Ana Ruiz", None), ("Ana", None)]),
        ("@Ana Ruizz knows", ["Ana", "Ana Ruiz"], [("Ana", None)]),
        ("@Anabel or @Jo-Ann knows", ["Ana"], [(None, "Anabel"), (None, "Jo-Ann")]),
        ("mail@ana.example, https://toot.example/@Ana, @ 5", ["Ana"], []),
        ("@Ana", [], [(None, "Ana")]),
    ],
)
def test_what_stands_behind_an_at_is_a_whole_name_or_one_word(text, names, found):
    assert [(each["known"], each["unknown"]) for each in rules.addressed(text, names)] == found


@pytest.fixture
def helen(db):
    return UserFactory(name="Helen Adeyemi")


def test_a_note_keeps_whom_it_mentions(helen, now):
    event = actions.add_note(
        TimelineFactory(), text="@Helen Adeyemi, please look", by=None, at=now, mentions=[helen]
    )

    assert event.payload == {
        "text": "@Helen Adeyemi, please look",
        "mentions": [{"id": helen.pk, "name": "Helen Adeyemi"}],
    }


def test_whoever_the_text_leaves_out_is_named_at_its_end(helen, now):
    ben = UserFactory(name="", email="ben@example.com")

    event = actions.add_note(
        TimelineFactory(), text="Please look", by=None, at=now, mentions=[helen, ben]
    )

    assert event.payload["text"] == "Please look\n\n@Helen Adeyemi @ben@example.com"
    assert [each["id"] for each in event.payload["mentions"]] == [helen.pk, ben.pk]


def test_a_note_shows_names_apart_and_nothing_that_was_typed_as_markup():
    payload = {
        "text": "See <b>\n@Helen <i> Adeyemi and @Ben",
        "mentions": [{"id": 1, "name": "Helen <i> Adeyemi"}],
    }

    assert note(payload) == (
        'See &lt;b&gt;<br><span class="mention">@Helen &lt;i&gt; Adeyemi</span> and @Ben'
    )
    assert note({"text": "Plain"}) == "Plain"


def test_a_kind_is_news_when_it_says_whom_it_tells(now):
    told = {"tests.heard": lambda event: [7], "tests.followed": kinds.nobody_else}
    try:
        for name, tells in {**told, "tests.quiet": None}.items():
            kinds.register(name, name, icon="note", group="notes", tells=tells)
        kinds.also_tell("tests.heard", lambda event: [7, 8])

        assert set(kinds.news()) >= set(told)
        assert "tests.quiet" not in kinds.news()
        assert kinds.get("tests.heard").audience(None) == {7, 8}
        assert kinds.get("tests.followed").audience(None) == set()
        with pytest.raises(ValueError, match="no news"):
            kinds.also_tell("tests.quiet", lambda event: [7])
    finally:
        for name in (*told, "tests.quiet"):
            kinds._KINDS.pop(name, None)


def test_a_room_hides_its_timelines(helen, monkeypatch):
    secret = EventFactory()
    monkeypatch.setattr(sight, "_HIDES", {})
    sight.hide("nothing", lambda user: None)
    sight.hide("secrets", lambda user: Event.objects.filter(pk=secret.pk).values("timeline"))

    assert len(sight.hidden_from(helen)) == 1
    assert not sight.may_see(helen, secret.timeline_id)
    assert sight.may_see(helen, TimelineFactory().pk)
    with pytest.raises(ValueError, match="hides its timelines already"):
        sight.hide("nothing", lambda user: None)


def test_a_room_shows_timelines_as_one(monkeypatch):
    monkeypatch.setattr(sight, "_JOINS", {})
    assert sight.together(1) == {1}

    sight.join("pairs", lambda timeline_id: [timeline_id + 1])
    assert sight.together(1) == {1, 2}
    with pytest.raises(ValueError, match="joins its timelines already"):
        sight.join("pairs", lambda timeline_id: [])
