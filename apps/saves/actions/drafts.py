"""Keeping what an agent typed, until the call is logged or dropped."""

from apps.saves.models import Draft


def finish(case):
    """End the draft of a call that was logged; a call may have none."""
    Draft.objects.open().filter(key=case.key).update(case=case)
