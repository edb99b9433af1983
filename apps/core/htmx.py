"""Deciding who gets a fragment, and telling the page things beside the fragment."""

import json


def wants_fragment(request, target=None):
    """Say whether a request asks for the element that a view owns, not for the page.

    Boosted links and the back button want the page although htmx sends them.

    Args:
        request: the request, with `request.htmx`.
        target: id of the element that the view swaps; None accepts any.
    """
    details = request.htmx
    if not details or details.boosted or details.history_restore_request:
        return False
    return target is None or details.target == target


def toast(response, text, tone="good", undo=""):
    """Ask the page to show a short message once the answer has been swapped in.

    Args:
        response: the answer.
        text: the message.
        tone: `good`, `warn` or `bad`.
        undo: the address to post to in order to take it back, if it can be.
    """
    told = {"text": str(text), "tone": tone, **({"undo": undo} if undo else {})}
    response["HX-Trigger"] = json.dumps({"toast": told})
    return response
