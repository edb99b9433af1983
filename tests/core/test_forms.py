"""Every form looks the same: label, hint, error, control."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from apps.core.forms import CONTROLS, Renderer

CHOICES = [("price", "Price"), ("support", "Support")]


class Call(forms.Form):
    words = forms.CharField(label="In their words", help_text="Quote them.", widget=forms.Textarea)
    reason = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    competitor = forms.CharField(required=False, widget=forms.TextInput({"class": "sm"}))
    channel = forms.ChoiceField(choices=CHOICES)
    is_pinned = forms.BooleanField(required=False, help_text="Everybody sees it first.")
    key = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("Say it in one go.")


def test_a_field_puts_label_hint_and_control_in_this_order():
    html = Call()["words"].as_field_group()

    parts = ['<label for="id_words">In their words</label>', "Quote them.", "<textarea"]
    assert sorted(parts, key=html.index) == parts
    assert 'class="input"' in html
    assert 'aria-describedby="id_words_helptext"' in html


def test_an_error_stands_before_its_control_and_is_tied_to_it():
    html = Call({"words": ""})["words"].as_field_group()

    assert html.index('<span class="sr">Error: </span>This field') < html.index("<textarea")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_words_helptext id_words_error"' in html
    assert 'id="id_words_error"' in html


def test_optional_fields_say_so_and_required_ones_do_not():
    assert "(optional)" in Call()["competitor"].as_field_group()
    assert "(optional)" not in Call()["words"].as_field_group()


def test_a_box_keeps_the_classes_of_its_widget():
    assert 'class="input sm"' in str(Call()["competitor"])


def test_a_list_to_choose_from_is_a_box_and_a_tick_is_not():
    assert 'class="input"' in str(Call()["channel"])
    assert "class" not in str(Call()["is_pinned"])


def test_a_tick_stands_before_its_words():
    html = Call()["is_pinned"].as_field_group()

    assert html.index("<input") < html.index("Is pinned") < html.index("Everybody sees it first.")
    assert 'aria-describedby="id_is_pinned_helptext"' in html


def test_radios_are_a_group_with_a_legend_and_one_error():
    html = Call({})["reason"].as_field_group()

    assert '<fieldset class="field" aria-describedby="id_reason_error">' in html
    assert "<legend>Reason</legend>" in html
    assert html.count('type="radio"') == 2
    assert "aria-invalid" not in html


def test_the_summary_counts_the_errors_and_links_to_the_fields():
    html = str(Call({}))

    assert "Five things to fix before this can be saved" in html
    assert 'href="#id_words"' in html
    assert 'href="#id_reason_0"' in html
    assert "Say it in one go." in html
    assert 'role="alert" tabindex="-1" data-focus' in html


def test_a_form_without_errors_has_no_summary_but_its_hidden_fields():
    html = str(Call())

    assert "form-errors" not in html
    assert html.count('type="hidden"') == 1


class Controls(forms.Form):
    text = forms.CharField(initial='5 > 3 & "so"', widget=forms.TextInput({"size": 4}))
    safe = forms.CharField(initial=format_html("{}", "a&b"), disabled=True)
    email = forms.EmailField(max_length=40)
    secret = forms.CharField(widget=forms.PasswordInput)
    number = forms.IntegerField(initial=0, min_value=0)
    day = forms.DateField(initial=date(2026, 6, 9))
    moment = forms.DateTimeField(required=False)
    hour = forms.TimeField(required=False)
    page = forms.URLField(assume_scheme="https", required=False)
    tel = forms.CharField(widget=forms.TextInput({"type": "tel", "hidden": False}))
    hidden = forms.CharField(widget=forms.HiddenInput, initial="<")
    tick = forms.BooleanField(initial=True)
    words = forms.CharField(widget=forms.Textarea, initial="</textarea>\n&")
    empty = forms.CharField(widget=forms.Textarea({"rows": 3}), required=False)
    one = forms.ChoiceField(choices=[("", gettext_lazy("Nobody")), *CHOICES], initial="support")
    grouped = forms.ChoiceField(choices=[("<A>", CHOICES), ("z", "Z & co")], initial="price")
    many = forms.MultipleChoiceField(choices=CHOICES, initial=["price", "support"])


@pytest.mark.parametrize("name", Controls.base_fields)
@pytest.mark.parametrize("sent", [None, {"text": "<b>", "one": "price", "many": ["price"]}])
def test_a_control_written_by_hand_is_the_one_of_djangos_template(name, sent):
    ours, theirs = Controls(sent)[name], Controls(sent)[name]
    assert theirs.field.widget.template_name in CONTROLS

    theirs.form.renderer = type("Theirs", (Renderer,), {"render": DjangoTemplates.render})()

    assert parse_html(str(ours)) == parse_html(str(theirs))
    assert "".join(str(ours).split()) == "".join(str(theirs).split())
