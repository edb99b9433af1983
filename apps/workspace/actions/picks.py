"""Rows of hand-picked views that become one row, and are parted again."""

from django.db import transaction

from apps.workspace.models import SavedView, ViewPick


@transaction.atomic
def pick_along(subject_id, *, kept, by, at, page="customers"):
    """Put a row into every view that holds another one, which is shown as part of it from now on.

    The other one stays in the views, unseen, so that it is there when the two are parted.

    Args:
        subject_id: the row that is part of the other one from now on.
        kept: the row that goes on being shown.
        by: the person.
        at: now.
        page: of which list.

    Returns:
        The ids of the picks that were made.
    """
    views = SavedView.objects.of_page(page).filter(picks__subject_id=subject_id)
    locked = list(views.select_for_update(of=("self",)).order_by("pk"))
    there = ViewPick.objects.filter(view__in=locked, subject_id=kept)
    held = set(there.values_list("view_id", flat=True))
    made = ViewPick.objects.bulk_create(
        ViewPick(view=view, subject_id=kept, added_by=by, added_at=at)
        for view in locked
        if view.pk not in held
    )
    return [each.pk for each in made]


@transaction.atomic
def pick_apart(subject_id, *, kept, made, others, page="customers"):
    """Undo `pick_along()`: each row is in the views again that it was in, but for later edits.

    Who took the shown row out of a view meant the other one as well; a row that somebody put in
    again by hand stays.

    Args:
        subject_id: the row that becomes one of its own again.
        kept: the row that was shown for both.
        made: ids of the picks that `pick_along()` made for these two.
        others: rows that go on being shown as part of the kept one.
        page: of which list.

    Returns:
        `{id of a pick: one of the others}` of those that are still needed.
    """
    picks = ViewPick.objects.filter(view__page=page)
    shown = picks.filter(subject_id=kept)
    picks.filter(subject_id=subject_id).exclude(view__in=shown.values("view")).delete()
    extra = dict(shown.filter(pk__in=made).values_list("view_id", "pk"))
    rest = picks.filter(view__in=extra, subject_id__in=others).order_by("-pk")
    needed = {extra[view]: other for view, other in rest.values_list("view_id", "subject_id")}
    shown.filter(pk__in=extra.values()).exclude(pk__in=needed).delete()
    return needed
