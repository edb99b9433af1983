"""The manager's page: what a team has to do, and how much of it each person has."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone

from apps.core.htmx import wants_fragment
from apps.core.policy import policy
from apps.tasks.forms.team import TeamFilter, offers
from apps.tasks.queries import team as queries
from apps.tasks.queries.crew import crew
from apps.workspace.actions import new_key


def asked(request, answers, at):
    """Return the filter form, the crew and the question of some answers.

    Args:
        request: the request.
        answers: a dictionary of what was asked, as an address has it.
        at: now.
    """
    # Yesterday is still today in some zone.
    on = timezone.localdate(at) - timedelta(days=1)
    found = crew(request.user, answers.get("team", ""), on=on)
    form = TeamFilter(answers, crew=found)
    return form, found, form.question()


@policy("tasks.assign")
def team(request):
    """Show the tasks of a team; the URL is the question."""
    now = timezone.now()
    form, found, question = asked(request, request.GET, now)
    page = queries.page(
        question,
        found,
        user=request.user,
        at=now,
        cursor=request.GET.get("at", ""),
        url=request.path,
    )
    context = {
        "page": page,
        "crew": found,
        "form": form,
        "question": question,
        "query": urlencode(question.pairs),
        "offers": offers(question.tab),
        "key": new_key(),
        "share": {"key": new_key(), "question": _of_nobody(question)},
    }
    template = "tasks/_team.html" if wants_fragment(request, "team-queue") else "tasks/team.html"
    return render(request, template, context)


def _of_nobody(question):
    """Return the question for what nobody has, as narrow as another one."""
    return urlencode(replace(question, tab="nobody", by="").pairs)
