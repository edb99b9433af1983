"""Drafting aids: texts with the facts of a call, to be copied into whatever tool writes."""

from django.shortcuts import render
from django.utils import timezone

from apps.core.htmx import wants_fragment
from apps.core.policy import policy
from apps.saves import forms
from apps.saves.queries import drafting
from apps.saves.views import page


@policy("saves.log", methods=["POST"])
def prompts(request, pk):
    """Fill the prompts with what is typed so far, right or not; nothing is written."""
    account = page.of_call(request, pk)
    form = forms.Call(request.POST, account=account, by=request.user, at=timezone.now())
    form.is_valid()
    context = {"account": account, "prompts": drafting.filled(drafting.of_typed(form))}
    is_dialog = wants_fragment(request, "prompts-slot")
    return render(
        request, "saves/_prompts_dialog.html" if is_dialog else "saves/prompts.html", context
    )
