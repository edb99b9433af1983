"""Today."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from apps.core.htmx import wants_fragment
from apps.core.policy import policy
from apps.desk.queries import today as today_queries
from apps.desk.queries import today_page


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
    context["page"] = page = today_page.today_page(
        request.user,
        at=timezone.now(),
        whose=request.GET.get("whose", ""),
        wants_save=context["wants_save"],
        show_all=request.GET.get("show") == "all",
    )
    return render(request, "desk/today.html", context | _told(page))


@policy(signed_in=True)
def news(request):
    """Answer the counts of a page that stays open, and how much has come since it was made."""
    if not wants_fragment(request, "today-news"):
        return redirect("desk:today")
    waiting = today_page.waiting(
        request.user, at=timezone.now(), whose=request.GET.get("whose", "")
    )
    seen = request.GET.get("seen", "")
    context = {"waiting": waiting, "seen": seen, "new": waiting.new_since(seen), "is_later": True}
    return render(request, "desk/_today_news.html", context)


def _told(page):
    """What the page shows, under the names that the parts of other rooms know it by."""
    waiting = page.waiting
    return {
        "waiting": waiting,
        "reader": (timezone.localdate(), timezone.get_current_timezone_name()),
        "seen": waiting.seen,
        "drafts": waiting.drafts,
        "due": waiting.commitments,
        "win_backs": waiting.win_backs,
        "on_watch": page.on_watch,
        "teams": waiting.teams,
    }
