"""Asking for pages of a change to many tasks, and reading what they say."""

import uuid

from apps.workspace.models import BulkChange

TEAM, BULK = "/tasks/team/", "/tasks/team/changes/"


def says(response):
    """Return what a page says, without markup."""
    return response.content.decode()


def begin(client, do="tasks.assign", **asked):
    """Send the page with ticked rows; returns the answer."""
    return client.post(BULK, {"do": do, "key": uuid.uuid4(), **asked})


def preview(client, do="tasks.assign", **asked):
    """Return the change that ticked rows make."""
    begin(client, do, **asked)
    return BulkChange.objects.latest("pk")


def url(change, *more):
    return "/".join([f"{BULK}{change.pk}", *more, ""])


def shown(change):
    """Return what the form that confirms a change sends."""
    return {"shown": BulkChange.objects.get(pk=change.pk).shown}
