"""The page that a phone system opens while it rings: who is calling?"""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from apps.accounts import rules
from apps.core.policy import policy
from apps.desk.queries import phone as phone_queries
from apps.desk.queries import today as today_queries
from apps.workspace import queries as workspace

# Longer than any number or address of one.
LONGEST = 120


@policy("saves.log")
def phone(request):
    """Lead to the save page of whoever calls, or ask who of several, or who else, it is."""
    text = request.GET.get("phone", "")[:LONGEST]
    numbers = rules.dialled(text, _home(request.user))
    if not numbers:
        return render(request, "desk/phone.html", {"text": text.strip()})
    is_shared = phone_queries.is_shared(numbers)
    callers = [] if is_shared else phone_queries.callers(numbers, user=request.user)
    context = {"number": callers[0].number if callers else numbers[0], "is_shared": is_shared}
    if "q" in request.GET or not callers:
        return _unknown(request, context, callers)
    if len({caller.account for caller in callers}) == 1:
        return redirect(_save_page(callers))
    context |= {"callers": callers[: phone_queries.MOST], "count": len(callers)}
    return render(request, "desk/phone_several.html", context)


def _home(user):
    """The country whose numbers come without a country code."""
    zone = user.team.time_zone if user.team else user.time_zone
    return rules.region(zone, workspace.current().currency)


def _save_page(callers):
    """The page on which a call of the only customer is logged, with whoever called last."""
    first = callers[0]
    query = "?" + urlencode({"contact": first.contact}) if first.contact else ""
    return reverse("saves:new", args=[first.account]) + query


def _unknown(request, context, callers):
    """Say that nobody is known by the number, and offer to write down whose it is."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    context |= {
        "callers": callers,
        "text": text,
        "found": today_queries.callers(text, user=request.user) if text else [],
    }
    return render(request, "desk/phone_unknown.html", context)
