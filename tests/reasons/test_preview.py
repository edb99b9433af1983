"""Settings of guidance and prompts: seen as agents will see them before they are saved."""

import pytest
from django.urls import reverse

from apps.history.models import Event
from apps.reasons import actions, rules
from apps.reasons.models import Prompt, Reason
from tests.factories.reasons import CategoryFactory, PromptFactory, ReasonFactory


def url(model, page="changelist", *args):
    return reverse(f"admin:reasons_{model}_{page}", args=args)


def says(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def price(db):
    return CategoryFactory(name="Price", position=1)


def of_reason(price, **more):
    return {
        "category": price.pk,
        "name": "Too dear",
        "position": 1,
        "solvable": "yes",
        "win_back_days": 30,
        **more,
    }


def test_the_page_of_a_reason_shows_its_card_with_example_facts(as_admin, price):
    reason = ReasonFactory(
        category=price, name="Too dear", say="{contact}, you said {words}", ask="", offer=""
    )

    page = says(as_admin.get(url("reason", "change", reason.pk)))

    assert "How it looks on the save page" in page
    assert ">Nadia Rahman</span>, you said <q" in page
    assert ">The renewal came in £62 higher and nobody told us.</q>" in page
    assert "<code>{renews}</code>" in page
    assert "<code>{commitments}</code>" not in page  # there are none when a call begins


def test_a_reason_without_guidance_has_no_card(as_admin, price):
    reason = ReasonFactory(category=price)

    for page in (url("reason", "change", reason.pk), url("reason", "add")):
        assert "Without guidance nothing stands below the reason." in says(as_admin.get(page))


@pytest.mark.parametrize("is_new", [True, False])
def test_a_preview_shows_what_was_typed_and_saves_nothing(as_admin, admin, price, is_new):
    kept = ReasonFactory(category=price, name="Too dear", say="Old words")
    page = url("reason", "add") if is_new else url("reason", "change", kept.pk)
    body = of_reason(price, name="Dearer", say="<b>New</b> words, {agent}", _preview="Preview")

    response = as_admin.post(page, body)

    assert response.status_code == 200
    shown = says(response)
    assert '&lt;b&gt;New&lt;/b&gt; words, <span data-fact="agent"' in shown
    assert ">Iris Kaya</span>" in shown
    assert "Please correct" not in shown
    assert list(Reason.objects.values_list("name", "say")) == [("Too dear", "Old words")]
    assert Event.objects.count() == 0


@pytest.mark.parametrize("button", ["_preview", "_save"])
@pytest.mark.parametrize("field", ["say", "ask", "offer"])
def test_a_place_that_nothing_fills_is_refused_and_the_known_are_named(
    as_admin, price, field, button
):
    body = of_reason(price, **{field: "Hello {plann}, {Words}", button: "1"})

    page = says(as_admin.post(url("reason", "add"), body))

    assert (
        "Nothing fills {plann}, {Words}. Use one of these: {words}, {customer}, {contact}, {plan},"
        " {mrr}, {renews}, {agent}." in page
    )
    assert Reason.objects.count() == 0


def test_an_admin_writes_previews_edits_and_retires_a_prompt(as_admin, admin):
    body = {"name": "Farewell", "text": "Write to {contact}: {words}", "position": 1}
    assert as_admin.post(url("prompt", "add"), body).status_code == 302
    prompt = Prompt.objects.get()
    edit = url("prompt", "change", prompt.pk)

    page = says(as_admin.post(edit, {**body, "text": "To {contact}:\n{internal}", "_preview": "1"}))
    assert "To Nadia Rahman: - Ask billing why nobody told them" in page
    assert as_admin.post(edit, {**body, "text": "To {customer}"}).status_code == 302
    body = {"action": "retire", "_selected_action": [prompt.pk]}
    page = says(as_admin.post(url("prompt"), body, follow=True))

    assert "Retired. Agents do not see them any more." in page
    events = Event.objects.on(prompt.timeline).order_by("id")
    assert [(event.kind, event.actor) for event in events] == [
        ("reasons.added", admin),
        ("reasons.changed", admin),
        ("reasons.retired", admin),
    ]
    assert events[1].payload["changes"] == {
        "text": ["Write to {contact}: {words}", "To {customer}"]
    }
    assert "edited the prompt Farewell: text" in says(
        as_admin.get(url("prompt", "history", prompt.pk))
    )


def test_an_empty_prompt_has_nothing_to_show(as_admin):
    assert "There is no text yet." in says(as_admin.get(url("prompt", "add")))


def test_a_prompt_has_a_name_of_its_own_and_places_that_are_filled(as_admin, now):
    PromptFactory(name="Farewell")
    PromptFactory(name="Apology", retired_at=now)
    add = url("prompt", "add")

    taken = as_admin.post(add, {"name": "FAREWELL", "text": "To {contact}", "position": 1})
    wrong = as_admin.post(add, {"name": "Apology", "text": "To {someone}", "position": 1})
    empty = as_admin.post(add, {"position": 1})

    assert "Another prompt has this name. Choose a new one." in says(taken)
    assert "Nothing fills {someone}. Use one of these: {words}, {customer}" in says(wrong)
    assert "This field is required." in says(empty)
    body = {"name": "Apology", "text": "To {contact}", "position": 1}
    assert as_admin.post(add, body).status_code == 302


def test_loading_the_prompts_again_spares_what_an_admin_did(db, admin, now):
    actions.load_defaults(at=now)
    prompt = Prompt.objects.get(name="Apology")
    prompt.text = "Say sorry."
    actions.change(prompt, by=admin, at=now)
    Prompt.objects.filter(name="Farewell").delete()

    assert actions.load_defaults(at=now) == (0, 0, 1)
    assert Prompt.objects.get(name="Apology").text == "Say sorry."
    assert list(Prompt.objects.order_by("position").values_list("name", flat=True)) == [
        "Follow-up e-mail with what we agreed",
        "Apology",
        "Summary for a colleague",
        "Call-back script",
        "Farewell",
    ]


def test_what_is_shipped_names_known_places_alone(db, now):

    actions.load_defaults(at=now)

    texts = [f"{each.say} {each.ask} {each.offer}" for each in Reason.objects.all()]
    assert [rules.unknown(text, rules.GUIDANCE) for text in texts] == [[]] * 36
    assert [rules.unknown(each.text, rules.PROMPT) for each in Prompt.objects.all()] == [[]] * 5
