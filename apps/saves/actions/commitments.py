"""Commitments: made, kept, broken, waived."""

from django.db import transaction

from apps.history import actions as history
from apps.saves.models import Commitment


@transaction.atomic
def make(account, *, text, owner, due_on, by, at, case=None, is_visible=True):
    """Write down something that we said we would do.

    Args:
        account: the customer.
        text: what, in words.
        owner: who keeps it.
        due_on: the day by whose end, in the owner's zone, it is kept or broken.
        by: who said it.
        at: now.
        case: the call on which it was said; None for one written on the customer page.
        is_visible: whether the customer knows of it.
    """
    commitment = Commitment.objects.create(
        account=account,
        case=case,
        text=text,
        owner=owner,
        due_on=due_on,
        is_visible=is_visible,
        made_by=by,
        made_at=at,
    )
    history.record(
        "saves.committed",
        timeline=account.timeline,
        by=by,
        at=at,
        subject=commitment,
        text=text,
        owner=str(owner),
        owner_id=owner.pk,
        due_on=due_on.isoformat(),
    )
    return commitment
