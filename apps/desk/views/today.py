"""Today."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from apps.core.htmx import wants_fragment
from apps.core.policy import policy
from apps.desk.queries import today as today_queries


@policy(signed_in=True)
def today(request):
    """Ask who is calling; as somebody types, answer with the customers who may be."""
    if "phone" in request.GET:  # a phone system that opens the first page
        return redirect(f"{reverse('desk:phone')}?{urlencode({'phone': request.GET['phone']})}")
    text = request.GET.get("q", "").strip()[:120]
    context = {
        "text": text,
        "wants_save": request.GET.get("for") == "save",
        "callers": today_queries.callers(text, user=request.user) if text else [],
    }
    if wants_fragment(request, "caller-results"):
        # Scripts run, so the answers are options that arrow keys reach; else they are links.
        return render(request, "desk/_callers.html", context | {"as_options": True})
    context["calls"] = today_queries.latest_calls(request.user)
    return render(request, "desk/today.html", context)
