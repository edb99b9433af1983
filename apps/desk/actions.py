"""What the pages that cut across rooms write down."""

from apps.history import actions as history


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
