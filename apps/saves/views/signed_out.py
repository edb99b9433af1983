"""A call that was posted after its session had ended waits in the next one until it is saved.

Pages with scripts keep such words themselves. Without them, sign-in would be all that comes back.
Django carries what a visitor's session holds through signing in, unless somebody else's was in it;
and only the person whom the signed opening names is shown what waits. No table of ours is written.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.saves import actions, forms

LONGEST = 32 * 1024  # bytes of one call; whatever the form takes is shorter
OLDEST = timedelta(days=30)  # pages that are older prove too little
MOST = 4  # calls in one browser; the oldest give way
DAY = 24 * 60 * 60  # seconds; no call is longer
_PLACE = "saves.waiting"


@dataclass(frozen=True)
class Waiting:
    """A call that was posted, with what the page knew."""

    key: str  # which one, as the page that shows it says when it is saved
    opening: actions.Opening
    version: int
    answers: dict


def keep(request, pk):
    """Let what was posted wait for its agent; without a valid opening of theirs nothing is kept.

    Returns:
        Where to come back to: the save page, also from a button beside Save; None if not kept.
    """
    try:
        opening = actions.Opening.read(request.POST.get("opening", ""))
    except ValueError:
        return None
    passed = timezone.now() - opening.at
    if opening.account_id != pk or opening.agent_id is None or passed > OLDEST:
        return None
    if request.user.is_authenticated and request.user.pk != opening.agent_id:
        return None
    posted = forms.Typed(request.POST, account=None)
    answers = posted.of_the_form
    if not answers.get("length", [""])[0].strip():  # or the time until sign-in would count
        seconds = min(int(passed.total_seconds()), DAY - 1)
        answers["length"] = [str(timedelta(seconds=seconds))]
    size = len(json.dumps(answers, ensure_ascii=False).encode())
    if size > LONGEST:
        return None
    entry = {
        "key": _key(request.POST["opening"]),
        "opening": request.POST["opening"],
        "version": posted.seen.version if posted.seen else 0,
        "answers": answers,
    }
    _put(request, [entry, *_without(request, {entry["key"]})][:MOST])
    if not request.user.is_authenticated:
        messages.info(request, _("You are signed out. Sign in, and what you typed is there."))
    return reverse("saves:new", args=[pk])


def mine(request):
    """Return what waits for whoever is signed in, the newest first; drop what is others'."""
    entries = request.session.get(_PLACE, [])
    openings = [actions.Opening.read(each["opening"]) for each in entries]
    owned = [
        (entry, opening)
        for entry, opening in zip(entries, openings, strict=True)
        if opening.agent_id == request.user.pk
    ]
    if len(owned) < len(entries):
        _put(request, [entry for entry, _opening in owned])
    return [
        Waiting(entry["key"], opening, entry["version"], entry["answers"])
        for entry, opening in owned
    ]


def forget(request):
    """What was posted is saved, or kept as a draft: it waits no longer."""
    done = {request.POST.get("waiting", ""), _key(request.POST.get("opening", ""))}
    left = _without(request, done)
    if len(left) < len(request.session.get(_PLACE, [])):
        _put(request, left)


def forget_call(request, key):
    """A call is logged or dropped: whatever waits of it is of no use any more.

    Args:
        request: the request.
        key: of the call.
    """
    entries = request.session.get(_PLACE, [])
    left = [each for each in entries if actions.Opening.read(each["opening"]).key != key]
    if len(left) < len(entries):
        _put(request, left)


def _key(signed):
    """Name a page that was shown: no two have the same signature."""
    return signed.rpartition(":")[2]


def _without(request, keys):
    return [each for each in request.session.get(_PLACE, []) if each["key"] not in keys]


def _put(request, entries):
    if entries:
        request.session[_PLACE] = entries
    else:
        del request.session[_PLACE]
