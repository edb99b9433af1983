"""Housekeeping of the workspace."""

from django.utils import timezone

from apps.core.jobs import job
from apps.workspace import actions
from apps.workspace.actions import bulk, presence
from apps.workspace.models import BulkChange, FormKey

RUN_SECONDS = 5


def _old_keys():
    return FormKey.objects.filter(created_at__lt=timezone.now() - actions.KEPT).exists()


@job("workspace.forget_old_keys", due=_old_keys)
def forget_old_keys(**later):
    """Sweep form keys of last week."""
    actions.forget_old_keys(at=timezone.now())


def _bulk_due():
    return BulkChange.objects.due(timezone.now()).exists()


@job("workspace.bulk", due=_bulk_due)
def work_on_bulk_changes(**later):
    """Work for some seconds on the change that has waited longest; it rings again for more."""
    change = BulkChange.objects.due(timezone.now()).order_by("leased_until", "pk").first()
    if change is not None:
        bulk.work(change, seconds=RUN_SECONDS)


def _old_bulk():
    return BulkChange.objects.forgotten(timezone.now()).exists()


@job("workspace.forget_old_bulk", due=_old_bulk)
def forget_old_bulk(**later):
    """Sweep bulk changes of which nobody wants to know any more."""
    bulk.forget_old(at=timezone.now())


def _old_presences():
    return presence.old_presences(at=timezone.now()).exists()


@job("workspace.forget_old_presences", due=_old_presences)
def forget_old_presences(**later):
    """Sweep what pages that never said goodbye left behind."""
    presence.forget_old_presences(at=timezone.now())


def _removed_views():
    return actions.old_removed_views(at=timezone.now()).exists()


@job("workspace.forget_removed_views", due=_removed_views)
def forget_removed_views(**later):
    """Sweep views that were removed and that nobody can bring back any more."""
    actions.forget_removed_views(at=timezone.now())
