"""Everybody's load beside the team's queue, drawn once as long as it stays the same."""

import functools

from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.templatetags.mainstay import day, hue, initials

_LOAD = (
    '<li><span class="avatar a{hue}" aria-hidden="true">{letters}</span>'
    '<span><a class="plain strong" href="{url}">{name}</a>{away}</span>'
    '<span class="say">{said}{over}</span>'
    '<svg class="bar" aria-hidden="true">{parts}'
    '<line class="cap" x1="{cap}" x2="{cap}" y1="0" y2="100%"/></svg></li>'
)
_PART = '<rect class="{}" x="{}" width="{}" height="100%"/>'


def drawn(load, url):
    """Draw how much somebody has to do, against their time.

    Args:
        load: from `crew.loads()`.
        url: where their tasks are.
    """
    away = load.away_until and day(load.away_until, "in")
    return _drawn(load, url, away, get_language())


@functools.lru_cache(maxsize=1024)
def _drawn(load, url, away, _language):
    effort, available, over = load.words
    until, too_much = _("away until %(day)s") % {"day": away}, _("%(over)s over") % {"over": over}
    return format_html(
        _LOAD,
        hue=hue(load.person.pk),
        letters=initials(load.person.name),
        url=url,
        name=load.person.name,
        away=format_html(" <small>{}</small>", until) if away else "",
        said=format_html(_("<b>{effort}</b> of {available}"), effort=effort, available=available),
        over=format_html(', <span class="bad-text">{}</span>', too_much) if over else "",
        parts=format_html_join("", _PART, load.parts),
        cap=load.cap,
    )
