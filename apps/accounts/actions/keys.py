"""Making a form that was sent twice count once."""

from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.accounts.actions.common import Refused
from apps.workspace import actions as workspace


class FormUsed(Refused):
    """The key belongs to another form, as when a page was tampered with."""

    def __init__(self):
        super().__init__(_("This form was sent before. Load the page again and start anew."))


@dataclass
class Form:
    """What a form with a key has made: the id, or nothing yet."""

    result: int | None = None


@contextmanager
def once(key, *, by, purpose, at):
    """Claim a form's key for the block, inside the caller's transaction.

    Args:
        key: the form's UUID, or None to do without.
        by: who sent it.
        purpose: name of the form.
        at: now.

    Yields:
        A `Form`: with the result of the first time, or without; then the block sets it.

    Raises:
        FormUsed: when the key was used by somebody else or for another form.
    """
    if key is None:
        yield Form()
        return
    try:
        earlier = workspace.claim(key, by=by, purpose=purpose, at=at)
    except ValueError as error:
        raise FormUsed from error
    form = Form(int(earlier) if earlier else None)
    yield form
    if not earlier:
        workspace.settle(key, result=form.result)
