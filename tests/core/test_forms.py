"""Every form looks the same: label, hint, error, control."""

from django import forms

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
