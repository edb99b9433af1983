"""Words for what the record and its history hold as codes."""

from functools import cache, lru_cache

import phonenumbers
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from apps.accounts import custom
from apps.accounts.models import Channel, IdentityKind, Stage, Tier, Topic, ValueDriver
from apps.accounts.words import LABELS
from apps.core.templatetags.mainstay import as_date, day

register = template.Library()

_CODES = {
    "stage": Stage,
    "tier": Tier,
    "channel": Channel,
    "mark": IdentityKind,
    "topic": Topic,
    "driver": ValueDriver,
}


@register.filter
def word(code, kind):
    """Say a code of the record: `{{ "wandering_eye"|word:"stage" }}` is Wandering eye."""
    return _words(kind, get_language()).get(code, code)


@cache
def _words(kind, language):
    return {code: str(words) for code, words in _CODES[kind].choices}


@register.filter
def label(field):
    """Say what a field is called; one that is gone, by its old name."""
    if field.startswith(custom.TOLD):
        return field.removeprefix(custom.TOLD)
    return LABELS.get(field, field.replace("_", " ").capitalize())


@register.filter
def written(value, field):
    """Say a field's value out of the history, where dates stand as 2026-06-09."""
    if field.startswith(custom.TOLD):
        is_date = custom.is_date(value)
    else:
        is_date = value and field.endswith("_on")
    return day(as_date(value)) if is_date else value


@register.filter
@lru_cache(maxsize=4096)  # reading a number walks the numbering plan of its country
def phone(number):
    """Space a number for reading: +44 161 496 0142."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.simple_tag
def custom_facts(account):
    """Show what the workspace's own fields say of a customer, in their groups."""
    return format_html_join(
        "",
        '{}<dl class="facts">{}</dl>',
        (
            (
                format_html("<h3>{}</h3>", group) if group else "",
                format_html_join("", "<dt>{}</dt><dd>{}</dd>", pairs),
            )
            for group, pairs in custom.facts(account)
        ),
    )
