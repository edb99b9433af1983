"""The words, pictures and colours that templates share."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

from apps.core.templatetags import mainstay

NOON = dt.datetime(2026, 6, 9, 12, 0, tzinfo=dt.UTC)  # a Tuesday


@pytest.fixture(autouse=True)
def _tuesday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def render(source, **context):
    return Template(source).render(Context(context))


def test_icon_points_into_the_sprite():
    assert render('{% icon "phone" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/icons.svg#phone"/></svg>'
    )


def test_icon_takes_a_variable_and_classes():
    assert render("{% icon kind classes %}", kind="alert", classes="tone bad") == (
        '<svg class="icon tone bad" aria-hidden="true"><use href="/static/icons.svg#alert"/></svg>'
    )


def test_icon_escapes_a_name_from_data():
    assert "<script>" not in render("{% icon kind %}", kind='"><script>')


@pytest.mark.parametrize("source", ["{% icon %}", '{% icon "a" "b" "c" %}'])
def test_icon_refuses_other_numbers_of_arguments(source):
    with pytest.raises(TemplateSyntaxError, match="takes the icon's name"):
        Template(source)


def test_once_renders_its_content_once_for_each_language(monkeypatch):
    template = Template("{% once %}{{ word }}{% endonce %} {{ word }}")

    assert template.render(Context({"word": "one"})) == "one one"
    assert template.render(Context({"word": "two"})) == "one two"
    monkeypatch.setattr(mainstay, "get_language", lambda: "de")
    assert template.render(Context({"word": "drei"})) == "drei drei"


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (Decimal("249.00"), "GBP", "£249"),
        (Decimal(6972), "GBP", "£6,972"),
        (Decimal("199.20"), "GBP", "£199.20"),
        (Decimal(-12), "GBP", "\N{MINUS SIGN}£12"),
        (Decimal(0), "EUR", "€0"),
        (Decimal("1234567.5"), "USD", "$1,234,567.50"),
        (Decimal("980.4"), "JPY", "¥980"),
        (Decimal("12.5"), "CHF", "CHF\N{NO-BREAK SPACE}12.50"),
        (5, "GBP", "£5"),
        (None, "GBP", ""),
        ("", "GBP", ""),
    ],
)
def test_money_reads_as_people_say_it(amount, currency, words):
    assert mainstay.money(amount, currency) == words


@pytest.mark.parametrize(
    ("date", "words"),
    [
        (dt.date(2026, 6, 8), "Yesterday"),
        (dt.date(2026, 6, 9), "Today"),
        (dt.date(2026, 6, 10), "Tomorrow"),
        (dt.date(2026, 6, 11), "Thu 11 June"),
        (dt.date(2026, 1, 1), "Thu 1 January"),
        (dt.date(2025, 12, 31), "31 December 2025"),
        (None, ""),
    ],
)
def test_day_is_near_or_named(date, words):
    assert mainstay.day(date) == words


def test_near_days_are_small_within_a_sentence():
    assert mainstay.day(dt.date(2026, 6, 9), "in") == "today"
    assert mainstay.day(dt.date(2026, 6, 11), "in") == "Thu 11 June"
    assert mainstay.moment(NOON, "in").startswith("today, ")


def test_day_of_a_moment_is_the_readers_day():
    late = dt.datetime(2026, 6, 9, 23, 30, tzinfo=dt.UTC)

    with timezone.override(ZoneInfo("Europe/London")):
        assert mainstay.day(late) == "Tomorrow"


def test_clock_and_moment_are_in_the_readers_zone():
    morning = dt.datetime(2026, 6, 9, 10, 30, tzinfo=dt.UTC)

    with timezone.override(ZoneInfo("Europe/London")):
        assert mainstay.clock(morning) == "11:30"
        assert mainstay.moment(morning) == "Today, 11:30"


def test_a_moment_of_another_day_names_it():
    morning = dt.datetime(2026, 6, 9, 10, 30, tzinfo=dt.UTC)

    with timezone.override(ZoneInfo("Europe/London")):
        assert mainstay.lately(morning) == "11:30"
        assert mainstay.lately(morning - dt.timedelta(days=4)) == "Fri 5 June, 11:30"


def test_clock_and_moment_of_nothing_are_empty():
    assert (mainstay.clock(None), mainstay.moment(None)) == ("", "")


@pytest.mark.parametrize(("seconds", "words"), [(272, "04:32"), (3725, "62:05"), (None, "00:00")])
def test_timer_counts_minutes_and_seconds(seconds, words):
    assert mainstay.timer(seconds) == words


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (dt.date(2024, 2, 9), "2 years 4 months"),
        (dt.date(2024, 2, 10), "2 years 3 months"),
        (dt.date(2025, 6, 9), "1 year"),
        (dt.date(2026, 5, 9), "1 month"),
        (dt.date(2026, 6, 8), "1 day"),
        (dt.date(2026, 6, 9), "0 days"),
        (dt.date(2026, 7, 9), "0 days"),
        (None, ""),
    ],
)
def test_tenure_speaks_in_years_and_months(since, words):
    assert mainstay.tenure(since) == words


def test_tenure_can_end_before_today():
    assert mainstay.tenure(dt.date(2024, 1, 1), dt.date(2025, 1, 1)) == "1 year"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "just now"),
        (8, "8 min ago"),
        (59, "59 min ago"),
        (60, "1 h ago"),
        (24 * 60, "Yesterday"),
    ],
)
def test_ago_is_exact_only_while_that_helps(minutes, words):
    assert mainstay.ago(NOON - dt.timedelta(minutes=minutes)) == words


def test_ago_of_nothing_is_empty():
    assert mainstay.ago(None) == ""


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18 Safari/605", "Safari on Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Firefox/143.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Mobile Safari/537", "Chrome on Android"),
        ("curl on Linux", "Linux"),
        ("", "Unknown browser"),
    ],
)
def test_browser_is_named_as_its_owner_would(user_agent, words):
    assert mainstay.browser(user_agent) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Amara Okafor", "AO"),
        ("Bramley & Vine", "BV"),
        ("Dr Nadia Jane Rahman", "DR"),
        ("Mainstay", "MA"),
        ("ø", "Ø"),
        ("&", "?"),
        ("", "?"),
        (None, "?"),
    ],
)
def test_initials_are_one_or_two_letters(name, letters):
    assert mainstay.initials(name) == letters


def test_hue_is_one_of_eight_and_always_the_same():
    assert [mainstay.hue(number) for number in (None, 0, 7, 8, 15)] == [1, 1, 8, 1, 8]


def test_dates_and_moments_of_a_payload_can_be_said_like_others():
    assert mainstay.day(mainstay.as_date("2026-06-11")) == "Thu 11 June"
    assert mainstay.moment(mainstay.as_moment("2026-06-09T10:30:00+00:00")) == "Today, 10:30"
