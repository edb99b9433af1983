"""What the pages that cut across rooms write down."""

from django.db import transaction

from apps.desk.queries import saved
from apps.history import actions as history
from apps.workspace import actions as workspace
from apps.workspace.models import SavedView


@transaction.atomic
def change_view(view, *, by, at, **changes):
    """Change a view of the customer list; whose list opened with it and won't any more is told.

    Args:
        view: which.
        by: who changes it.
        at: now.
        **changes: what `workspace.actions.change_view()` takes, with its refusals.
    """
    # Who lets their list open with it takes the row too.
    held = SavedView.objects.select_for_update().filter(pk=view.pk)
    sharing = held.values_list("sharing", flat=True).first()
    before = saved.opens_for(view)
    changed = workspace.change_view(view, by=by, **changes)
    if changed.sharing == sharing:
        return changed
    lost = before - saved.opens_for(view) - {by.pk}
    if lost:
        history.record(
            "desk.view_withdrawn",
            timeline=by.member.timeline,
            by=by,
            at=at,
            subject=changed,
            name=changed.name,
            people=sorted(lost),
        )
    return changed


def record_export(*, by, at, count, view, filters, columns):
    """Write down that somebody takes customers with them, before the first row leaves.

    Args:
        by: who does; it stands in their own history.
        at: now.
        count: how many customers they asked for.
        view: name of the saved view, or nothing.
        filters: what narrowed the list, in words.
        columns: labels of the columns.
    """
    return history.record(
        "desk.exported",
        timeline=by.member.timeline,
        by=by,
        at=at,
        count=count,
        view=view,
        filters=filters,
        columns=columns,
    )
