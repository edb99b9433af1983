"""Keeping lists under a name, choosing which one opens first, and putting rows into them."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.workspace.actions.form_keys import claim, settle
from apps.workspace.models import REMOVED_KEPT, DefaultView, SavedView, ViewPick
from apps.workspace.queries import may_change_view

PURPOSE = "workspace.view"
Sharing = SavedView.Sharing


class ViewRefused(Exception):
    """Nothing was written; the text tells the person what to do."""


class ViewNameTaken(ViewRefused):
    """One person's views of a list have different names."""

    def __init__(self):
        super().__init__(_("You have a view with this name. Choose another name."))


class ViewNotYours(ViewRefused):
    """Views are changed by whoever made them; those of everyone by managers too."""

    def __init__(self):
        super().__init__(_("Ask the person who made this view, or save one of your own."))


class ViewNotShared(ViewRefused):
    """It was to be shared more widely than its owner or this person may."""


class ViewNotPicked(ViewRefused):
    """The view finds its rows by filters, so none can be put into it."""

    def __init__(self):
        super().__init__(_("This view finds its rows by filters. Choose one picked by hand."))


class ViewGone(ViewRefused):
    """Somebody removed it a moment ago."""

    def __init__(self):
        super().__init__(_("This view was removed meanwhile. Save the list as a new one."))


class ViewUndoTooLate(ViewRefused):
    """It was removed too long ago."""

    def __init__(self):
        super().__init__(_("The ten minutes to undo this are over. Save the list as a new view."))


class ViewNameGoneOn(ViewRefused):
    """Its name has been given to another view of the same person meanwhile."""

    def __init__(self):
        super().__init__(
            _("Another view has this name by now. Rename that one, then bring this one back.")
        )


class ViewChanged(ViewRefused):
    """Somebody saved the view since this person opened it; carries the view as it is now."""

    def __init__(self, view):
        super().__init__(_("Somebody changed this view meanwhile. Look, then save again."))
        self.view = view


@transaction.atomic
def save_view(
    *, name, query, columns, by, at, page="customers", sharing="mine", is_picked=False, key=None
):
    """Keep a list under a name; a form that comes twice keeps one.

    Args:
        name: what its menu calls it.
        query: filters and order, as in the list's address.
        columns: keys of the columns, in order; none for the list's own.
        by: whose view it is.
        at: now.
        page: which list.
        sharing: who finds it: `mine`, `team` or `everyone`.
        is_picked: rows are put into it by hand.
        key: the form's key, if a form asked for it.

    Raises:
        ViewNameTaken: this person has a view of that name.
        ViewNotShared: they have no team, or may not share with everyone.
    """
    earlier = key and claim(key, by=by, purpose=PURPOSE, at=at)
    if earlier:
        return SavedView.objects.get(pk=earlier)
    view = SavedView(
        page=page, name=name, query=query, columns=columns, is_picked=is_picked, created_at=at
    )
    view.owner = by
    _share(view, sharing, by=by)
    _write(view)
    if is_picked:
        view.query = f"picked={view.pk}"
        view.save(update_fields=["query"])
    if key:
        settle(key, result=view.pk)
    return view


@transaction.atomic
def change_view(
    view, *, by, version, name=None, sharing=None, query=None, columns=None, roles=None
):
    """Rename a view, share it otherwise, or let it keep another question; None leaves as it is.

    Args:
        view: which.
        by: who changes it.
        version: the view's version that they had in front of them.
        name: its new name.
        sharing: who finds it from now on.
        query: the new filters and order; a view picked by hand stays one.
        columns: the new columns.
        roles: whose list opens with it, unless they chose another view.

    Raises:
        ViewGone: somebody removed it.
        ViewNotYours: they may not.
        ViewChanged: somebody was faster.
        ViewNameTaken: its owner has another view of that name.
        ViewNotShared: its owner has no team, or they may not share with everyone.
    """
    view = _lock(view)
    _check_yours(view, by)
    wanted = {"name": name, "query": query, "columns": columns}
    wanted = {key: value for key, value in wanted.items() if value is not None}
    if sharing and sharing != view.sharing:
        wanted["sharing"] = sharing
    opens_for = set(view.defaults.exclude(role="").values_list("role", flat=True))
    is_chosen_so = roles is None or set(roles) == opens_for
    if is_chosen_so and all(getattr(view, key) == value for key, value in wanted.items()):
        return view
    if view.version != version:
        raise ViewChanged(view)
    if "sharing" in wanted:
        _share(view, wanted.pop("sharing"), by=by)
    for key, value in wanted.items():
        setattr(view, key, value)
    view.version = F("version") + 1
    _write(view)
    view.refresh_from_db(fields=["version"])
    if view.sharing != Sharing.EVERYONE:
        # Who has a role need not find it any more, so it can't be what their list opens with.
        view.defaults.exclude(role="").delete()
    _choose_for(view, roles, by=by)
    return view


@transaction.atomic
def remove_view(view, *, by, at):
    """Remove a view, for everybody who uses it; one that is gone already stays gone.

    Args:
        view: which.
        by: who removes it.
        at: now.

    Raises:
        ViewNotYours: they may not.
    """
    try:
        view = _lock(view)
    except ViewGone:
        return
    _check_yours(view, by)
    view.removed_at = at
    view.save(update_fields=["removed_at"])


@transaction.atomic
def restore_view(view, *, by, at):
    """Bring a view back as it was, with who finds it and whose list opens with it.

    Who chose another view to open with meanwhile keeps that. One that is there already stays.

    Args:
        view: which.
        by: who undoes the removal.
        at: now.

    Raises:
        ViewGone: it was swept.
        ViewNotYours: they may not.
        ViewUndoTooLate: ten minutes after it was removed.
        ViewNameGoneOn: its owner has another view of its name by now.
    """
    view = _lock(view, removed=True)
    _check_yours(view, by)
    if view.removed_at is None:
        return view
    if at >= view.undo_until:
        raise ViewUndoTooLate
    view.removed_at = None
    try:
        _write(view)
    except ViewNameTaken as error:
        raise ViewNameGoneOn from error
    return view


def old_removed_views(*, at):
    """Return removed views that nobody can bring back any more."""
    return SavedView.objects.filter(removed_at__lt=at - REMOVED_KEPT)


def forget_removed_views(*, at):
    """Sweep what was removed, with its picks and defaults."""
    return old_removed_views(at=at).delete()[0]


@transaction.atomic
def set_default(view, *, by, role=""):
    """Let a list open with a view: for one person, or for everybody of a role.

    Raises:
        ViewGone: somebody removed it.
        ViewNotYours: only managers choose for a role.
        ViewNotShared: a role's view has to be shared with everyone.
    """
    view = _lock(view)
    if role:
        _check_fits_roles(view, by)
    _put(view.page, view, **({"role": role} if role else {"user": by}))


@transaction.atomic
def open_whole(*, by, page="customers"):
    """Let a list open whole for one person, whatever it opens with for their role."""
    _put(page, None, user=by)


@transaction.atomic
def clear_default(*, by, page="customers", role=""):
    """Take a choice back: a person's list opens as it does for their role, a role's with all.

    Raises:
        ViewNotYours: only managers choose for a role.
    """
    if role and not by.has_perm("workspace.share_view"):
        raise ViewNotYours
    whose = {"role": role} if role else {"user": by}
    DefaultView.objects.filter(page=page, **whose).delete()


@transaction.atomic
def pick(view, subject_ids, *, by, at):
    """Put rows into a view that is picked by hand; who finds the view may.

    Returns:
        The ids that were not in it before.

    Raises:
        ViewGone: somebody removed it.
        ViewNotPicked: its rows are found by filters.
    """
    view = _lock(view)
    if not view.is_picked:
        raise ViewNotPicked
    there = view.picks.filter(subject_id__in=subject_ids).values_list("subject_id", flat=True)
    new = sorted(set(subject_ids) - set(there))
    ViewPick.objects.bulk_create(
        ViewPick(view=view, subject_id=each, added_by=by, added_at=at) for each in new
    )
    return new


@transaction.atomic
def unpick(view, subject_ids):
    """Take rows out of a view that is picked by hand; returns how many were in it."""
    return view.picks.filter(subject_id__in=subject_ids).delete()[0]


def _lock(view, *, removed=False):
    """Take the view's row and return it as it is now; a removed one only if that will do."""
    rows = SavedView.objects.select_for_update(of=("self",)).select_related("owner")
    found = rows.filter(pk=view.pk).first()
    if found is None or (found.removed_at and not removed):
        raise ViewGone
    return found


def _check_yours(view, by):
    if not may_change_view(view, by):
        raise ViewNotYours


def _check_fits_roles(view, by):
    if not by.has_perm("workspace.share_view"):
        raise ViewNotYours
    if view.sharing != Sharing.EVERYONE:
        raise ViewNotShared(_("Share the view with everyone first."))


def _choose_for(view, roles, *, by):
    """Let the lists of these roles open with a view, and those of no other."""
    if roles is None:
        return
    view.defaults.exclude(role="").exclude(role__in=roles).delete()
    for role in roles:
        _check_fits_roles(view, by)
        # The view that loses a role is another one now for whoever has its form open.
        losing = SavedView.objects.filter(page=view.page, defaults__role=role)
        losing.exclude(pk=view.pk).update(version=F("version") + 1)
        _put(view.page, view, role=role)


def _share(view, sharing, *, by):
    team = view.owner.team_id
    if sharing == Sharing.EVERYONE and not by.has_perm("workspace.share_view"):
        raise ViewNotShared(_("Only managers share views with everyone. Choose your team."))
    if sharing == Sharing.TEAM and team is None:
        raise ViewNotShared(_("You are in no team. Keep the view to yourself."))
    view.sharing, view.team_id = sharing, team if sharing == Sharing.TEAM else None


def _write(view):
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise ViewNameTaken from error


def _put(page, view, **whose):
    # One statement each, so that two at once leave one row and no error.
    mine = DefaultView.objects.filter(page=page, **whose)
    if not mine.update(view=view):
        DefaultView.objects.bulk_create(
            [DefaultView(page=page, view=view, **whose)], ignore_conflicts=True
        )
