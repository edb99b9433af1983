"""Housekeeping of the workspace."""

from django.utils import timezone

from apps.core.jobs import job
from apps.workspace import actions
from apps.workspace.models import FormKey


def _old_keys():
    return FormKey.objects.filter(created_at__lt=timezone.now() - actions.KEPT).exists()


@job("workspace.forget_old_keys", due=_old_keys)
def forget_old_keys(**later):
    """Sweep form keys of last week."""
    actions.forget_old_keys(at=timezone.now())
