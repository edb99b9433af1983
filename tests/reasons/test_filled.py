"""Guidance on a page: kept for everybody, filled for one call, and always text."""

from django.template import Context, Template

HOSTILE = '<img src=x onerror="go()">{customer}<q data-fact="plan"></q>'


def render(text, facts):
    template = Template(
        "{% load reasons %}{% filled facts %}<p>{{ text|places }}</p>{% endfilled %}"
    )
    return template.render(Context({"text": text, "facts": facts}))


def test_places_get_their_facts():
    assert render("On {plan}.", {"plan": "Studio"}) == (
        '<p>On <span data-fact="plan" data-blank="[plan]">Studio</span>.</p>'
    )


def test_a_fact_that_is_missing_says_so():
    assert render("{words}", {"words": ""}) == (
        '<p><q data-fact="words" data-blank="[their own words]" class="blank">'
        "[their own words]</q></p>"
    )


def test_what_an_admin_wrote_is_text():
    page = render(HOSTILE, {"customer": "Larkspur"})

    assert page == (
        "<p>&lt;img src=x onerror=&quot;go()&quot;&gt;"
        '<span data-fact="customer" data-blank="[customer]">Larkspur</span>'
        "&lt;q data-fact=&quot;plan&quot;&gt;&lt;/q&gt;</p>"
    )


def test_what_was_typed_is_text_and_is_not_filled_again():
    page = render("{words}", {"words": HOSTILE, "customer": "Larkspur", "plan": "Studio"})

    assert "Larkspur" not in page
    assert "Studio" not in page
    assert "<img" not in page
    assert "{customer}&lt;q data-fact=&quot;plan&quot;&gt;&lt;/q&gt;</q>" in page


def test_a_long_quotation_is_cut_and_stands_in_one_line():
    page = render("{words}", {"words": "So\n\n long " * 100})

    assert "So long So long" in page
    assert len(page) < 450
    assert "…</q>" in page
