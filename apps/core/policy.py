"""Who may call a view: said beside the view, enforced in one place, denied when unsaid.

`@policy(...)` only marks the view. `PolicyMiddleware` reads the mark before the view runs,
so that a view cannot do half of its work first, and a view without a mark is refused.
Routes that are not ours (admin, sign-in) get theirs from the table that
`settings.ROUTE_POLICIES` names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Policy:
    """What a request needs before a view may run."""

    codes: tuple[str, ...] = ()
    public: bool = False
    methods: frozenset[str] = frozenset({"GET", "HEAD"})
    why: str = ""
    signed_out: Callable | None = None


def make(*codes, public=False, signed_in=False, methods=("GET",), why="", signed_out=None):
    """Build a policy from exactly one of: permission codes, `signed_in`, `public`.

    Args:
        *codes: permission codes, all of which the person needs.
        public: anybody may call it; needs a reason in `why`.
        signed_in: any active person may call it.
        methods: HTTP methods that the view answers; HEAD follows GET.
        why: the reason for a public route.
        signed_out: called with the request and its arguments when a form came too late: its
            session has ended, or somebody signed in since. It may let what was typed wait, in
            the session alone, and returns the address to come back to; None when nothing waits.

    Raises:
        ValueError: when none or several of the three were given, or a reason is missing.
    """
    if sum((bool(codes), public, signed_in)) != 1:
        raise ValueError("Give permission codes, or signed_in, or public: exactly one.")
    if public and not why:
        raise ValueError("A public route says why.")
    allowed = frozenset(methods) | ({"HEAD"} if "GET" in methods else set())
    return Policy(tuple(codes), public=public, methods=allowed, why=why, signed_out=signed_out)


def policy(*codes, **options):
    """Mark a view with its policy; the arguments are those of `make`."""
    rule = make(*codes, **options)

    def mark(view):
        view.policy = rule
        return login_not_required(view) if rule.public else view

    return mark


def find(view, match):
    """Return the policy of a resolved route, or None, which means: refuse."""
    if rule := getattr(view, "policy", None):
        return rule
    table = _route_table()
    return table.get(match.view_name) or table.get(f"{match.namespace}:*")


def allows(rule, user):
    """Say whether a person (or an anonymous visitor) satisfies a policy."""
    return rule.public or (user.is_authenticated and user.has_perms(rule.codes))


def keep_posted(request):
    """Let a form that came too late wait, where its view does that; a page's script does it itself.

    Returns:
        The address to come back to, or None.
    """
    match = request.resolver_match
    rule = find(match.func, match) if match else None
    if rule is None or rule.signed_out is None or request.method != "POST":
        return None
    return None if request.headers.get("HX-Request") else rule.signed_out(request, **match.kwargs)


@cache
def _route_table():
    return import_string(settings.ROUTE_POLICIES)
