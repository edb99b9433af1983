"""A call as it was logged."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from apps.core.policy import policy
from apps.saves import forms
from apps.saves.models import SaveCase
from apps.saves.queries import case_page, corrections, drafting


@policy("saves.log")
def detail(request, pk):
    """Show one case as it was logged."""
    cases = SaveCase.objects.visible_to(request.user).for_page().select_related("draft")
    case = get_object_or_404(cases.prefetch_related("also"), pk=pk)
    account = case.account.merged_into or case.account
    facts = drafting.of_case(case, account, agent=request.user)
    context = {
        "case": case,
        "account": account,
        "commitments": case.commitments.select_related("owner").soonest_first(),
        "chain": case_page.chain(case),
        "corrections": corrections.of_case(case, user=request.user, at=timezone.now()),
        "prompts": drafting.filled(facts),
        "asides": _asides(case, account) if case.agent_id == request.user.pk else [],
    }
    return render(request, "saves/detail.html", context)


def _asides(case, account):
    """Return what its agent typed on other pages, and did not save."""
    draft = getattr(case, "draft", None)
    if draft is None or not draft.asides:
        return []
    return forms.asides(draft, forms.Call(account=account, by=case.agent, at=case.closed_at))
