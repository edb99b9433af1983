"""Who may do what, written down once more and apart from the code: a row for every route.

A new route fails `test_walk.py` until it has a row here. A row says who may call the route and
what each method answers then; everybody else must be refused with nothing written. Columns:

    who      actors who may; the others are sent to sign in, or get 403
    get      status of GET (and HEAD); None: the route does not take it
    post     status of POST with `body`; None: the route does not take it
    body     makes the fields with which POST succeeds, from the world (see walk.py)
    things   names in the world of the objects in the path: {"pk": "account"}
    hidden   True: an object of the private team is not there (404) for other teams
    missing  status when the object in the path does not exist
    writes   whether a POST that succeeds must write something beside the session

A status that depends on who asks is a dictionary of actors with a default under None; one that
also depends on whose the object is has a pair of the actor and the kind of object.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from apps.workspace.models import BulkChange

VISITORS = frozenset({"anonymous", "deactivated"})
COLLEAGUES = frozenset({"agent", "outsider", "manager", "admin"})
LEADERS = frozenset({"manager", "admin"})
ADMINS = frozenset({"admin"})
EVERYBODY = VISITORS | COLLEAGUES

# Who sees the customers of the private team.
INSIDERS = frozenset({"outsider", "admin"})


@dataclass(frozen=True)
class Row:
    who: frozenset
    get: int | dict | None = None
    post: int | dict | None = None
    body: Callable = lambda world: {}
    things: dict = field(default_factory=dict)
    hidden: bool = False
    missing: int = 404
    writes: bool = True


def _page(who, **more):
    return Row(who, get=200, **more)


def _customer_page(get=None, post=None, body=lambda world: {}, who=COLLEAGUES, **things):
    things = {"pk": "account", **things}
    return Row(who, get=get, post=post, body=body, things=things, hidden=True)


def _of_a_view(get=None, post=None, body=lambda world: {}, *, writes=True):
    """A saved view of the manager that everyone finds; agents may use it, not change it."""
    return Row(COLLEAGUES, get=get, post=post, body=body, things={"pk": "view"}, writes=writes)


def _bulk_change(state, get=None, body=lambda world: {}):
    """A change to many that the manager made; admins see it too, for others it is not there."""

    def leaders(status):
        return status and {None: 404, **dict.fromkeys(LEADERS, status)}

    things = {"pk": f"{state} bulk"}
    return Row(COLLEAGUES, get=leaders(get), post=leaders(302), body=body, things=things)


def _as_shown(name):
    """What confirms a change to many as its preview was shown."""
    return lambda world: {"shown": BulkChange.objects.get(pk=world.things[name]["own"]).shown}


def _commitment(get=None, post=None, body=lambda world: {}, *, writes=True):
    things = {"pk": "commitment"}
    return Row(COLLEAGUES, get=get, post=post, body=body, things=things, hidden=True, writes=writes)


def _task(get=None, post=None, body=lambda world: {}, thing="task"):
    """A task of the agent's, in their team's queue; who assigns tasks may do most with it too."""
    if post == 302:
        post = {None: 302, "outsider": 409, ("outsider", "foreign"): 302}
    elif post == "owner":
        post = {None: 409, "agent": 302, ("outsider", "foreign"): 302}
    elif post == "receiver":  # the manager; of the private team's, the admin
        post = {None: 409, "manager": 302, ("admin", "foreign"): 302}
    return Row(COLLEAGUES, get=get, post=post, body=body, things={"pk": thing}, hidden=True)


def _tasks_change(state, get=None, body=lambda world: {}):
    """A change to many tasks that the manager made; admins see it too."""
    return Row(LEADERS, get=get, post=302, body=body, things={"pk": f"{state} bulk of tasks"})


def _told(**more):
    """What a task says."""
    return {"what": "Ring", "kind": "check", "priority": 2, "effort": 30, **more}


def _new_task(world):
    by = world.people.get(world.actor, world.people["agent"])
    return _told(when="4h", whose=f"person-{by.pk}", key=str(uuid.uuid4()))


def _handed_off(world):
    to = "outsider" if world.actor == "admin" else "admin"
    return {"to": world.people[to].pk, "why": "They know them."}


def _for_visitors(status, otherwise):
    return {None: otherwise, **dict.fromkeys(VISITORS, status)}


def _correction(status):
    """Of a call that the agent logged just now; the private team's is its own agent's."""
    return {None: 403, **dict.fromkeys(["agent", *LEADERS, ("outsider", "foreign")], status)}


def _settings(label, thing=None, body=None, *, add=True, delete=False, post=302, index=200):
    """The pages of one noun in the settings, by the names that Django gives them."""
    things = {"object_id": thing}
    rows = {
        "changelist": Row(ADMINS, get=index, post=index, writes=False),
        "change": Row(ADMINS, get=200, post=post, body=body, things=things, missing=302),
        "history": Row(ADMINS, get=200, post=200, things=things, missing=302, writes=False),
    }
    if add:
        rows["add"] = Row(ADMINS, get=200, post=post, body=lambda world: body(world, fresh=True))
    if delete:
        confirmed = {"body": lambda world: {"post": "yes"}, "things": things, "missing": 302}
        rows["delete"] = Row(ADMINS, get=200, post=post, **confirmed)
    return {f"admin:{label}_{name}": row for name, row in rows.items()}


PASSWORD = "correct horse battery"


def _save(world):
    """A call that ends well."""
    return {
        "opening": world.opening(),
        "channel": "phone",
        "category": world.reason.category.position,
        "reason": world.reason.pk,
        "verbatim": "It costs too much.",
        "outcome": "stayed",
    }


def _typed(world):
    """The same before it is saved."""
    return {"opening": world.opening(), "version": 0, "verbatim": "It costs"}


def _own_draft(get=None, post=None, **more):
    """A draft of the agent's; for others it is not there."""
    statuses = [status and {None: 404, "agent": status} for status in (get, post)]
    return Row(COLLEAGUES, *statuses, things={"pk": "draft"}, hidden=True, **more)


def _committed(world):
    return {
        "key": str(uuid.uuid4()),
        "text": "Send a card reader",
        "owner": world.account.owner.pk,
        "due_on": _soon(),
    }


def _settled():
    return {"version": 1, "evidence": "Sent it"}


def _moved(world):
    return {"version": 1, "owner": world.account.owner.pk, "due_on": _soon(), "why": "They asked"}


def _soon():
    return (timezone.localdate() + timedelta(days=30)).isoformat()


def _corrected(world):
    """The same call, told in other words."""
    return {
        "version": 1,
        "why": "I had it wrong.",
        "reason": world.reason.pk,
        "solvable": "yes",
        "verbatim": "It costs far too much.",
        "outcome": "stayed",
        "channel": "phone",
        "length": "06:00",
    }


def _details(name, reference):
    return {
        "key": str(uuid.uuid4()),
        "name": name,
        "reference": reference,
        "started_on": "2024-01-15",
        "stage": "retention",
        "mrr": "99",
        "currency": "GBP",
        "time_zone": "Europe/London",
    }


def _edited(world):
    details = _details("Renamed", world.account.reference)
    return {**details, "version": world.account.version}


def _contact():
    return {"name": "Robin", "preferred_channel": "phone", "language": "en"}


def _merge(world):
    return {"key": str(uuid.uuid4()), "versions": "1.1"}


def _team(world, *, fresh=False):
    return {"name": "Western" if fresh else "Northern Lights", "time_zone": "Europe/London"}


def _category(world, *, fresh=False):
    return {"name": "Weather", "question": "What about it?", "position": 9 if fresh else 8}


def _reason(world, *, fresh=False):
    return {
        "category": world.reason.category.pk,
        "name": "Too much rain",
        "win_back_days": 60,
        "position": 3,
        "solvable": "no",
    }


def _prompt(world, *, fresh=False):
    return {"name": "Farewell" if fresh else "Apology", "text": "To {contact}", "position": 1}


def _threshold(world, *, fresh=False):
    return {"currency": "EUR" if fresh else "GBP", "mid_from": "90", "high_from": "200"}


def _blocked(world, *, fresh=False):
    return {"kind": "email", "normalised": "info@customer.example", "reason": "A shared mailbox"}


def _custom_field(world, *, fresh=False):
    return {"label": "Chairs" if fresh else "Seats", "kind": "text", "position": 2}


def _calendar(world, *, fresh=False):
    return {
        "name": "Lisbon" if fresh else "Porto",
        "time_zone": "Europe/Lisbon",
        "monday": "09:00-17:00",
    }


def _queue(world, *, fresh=False):
    name = "Renewals" if fresh else "Left over"
    return {"name": name, "team": world.accounts["own"].team_id, "routing": "claim"}


def _policy(world, *, fresh=False):
    kind = "email" if fresh else "call"
    does = {"lead_does": "notify", "manager_does": "notify"}
    return {"name": f"For {kind}", "kind": kind, "at_risk_minutes": 60, "is_on": "on", **does}


def _absence(world):
    return {"starts_on": _soon(), "ends_on": _soon()}


MATRIX = {
    # --- pages that cut across rooms
    "desk:today": _page(COLLEAGUES),
    "desk:today-news": Row(COLLEAGUES, get=302),
    "desk:phone": _page(COLLEAGUES),
    "desk:customers": _page(COLLEAGUES),
    "desk:filters": _page(COLLEAGUES),
    "desk:customer": _customer_page(get=200),
    "desk:add-note": _customer_page(
        post=302, body=lambda world: {"text": "A note", "key": str(uuid.uuid4())}
    ),
    "desk:pins": _customer_page(
        post=302, body=lambda world: {"pin": world.account.timeline.events.first().pk}
    ),
    "desk:entry": _customer_page(get=302, event_pk="event"),
    "desk:follow": _customer_page(post=302),
    "desk:unfollow": Row(COLLEAGUES, post=302, things={"pk": "account"}, hidden=True, writes=False),
    "desk:notifications": _page(COLLEAGUES),
    "desk:bell": Row(COLLEAGUES, get=302),
    "desk:notification-settings": Row(
        COLLEAGUES, get=200, post=302, body=lambda world: {"late": "bell"}
    ),
    "desk:read-all": Row(
        COLLEAGUES,
        post=302,
        body=lambda world: {"upto": world.things["notification"]["own"]},
        writes=False,
    ),
    "desk:open-notification": Row(  # the agent's
        COLLEAGUES, post={None: 404, "agent": 302}, things={"pk": "notification"}
    ),
    "desk:bulk": Row(
        COLLEAGUES,
        get=200,
        post=302,
        body=lambda world: {"do": "accounts.pick", "pick": world.account.pk, "key": uuid.uuid4()},
    ),
    "desk:bulk-change": _bulk_change("preview", get=200, body=lambda world: {"owner": "none"}),
    "desk:bulk-confirm": _bulk_change("chosen", body=_as_shown("chosen bulk")),
    "desk:bulk-undo": _bulk_change("done"),
    "desk:columns": _page(COLLEAGUES),
    "desk:export": Row(LEADERS, post=200),
    "desk:views": _page(COLLEAGUES),
    "desk:view-counts": _page(COLLEAGUES),
    "desk:view-new": Row(
        COLLEAGUES,
        get=200,
        post=302,
        body=lambda world: {
            "key": str(uuid.uuid4()),
            "name": "At risk",
            "kind": "filters",
            "sharing": "mine",
        },
    ),
    "desk:view": _of_a_view(get=302),
    "desk:view-edit": _of_a_view(
        get=200,
        post={None: 302, "agent": 422, "outsider": 422},
        body=lambda world: {"name": "Renamed", "sharing": "everyone", "version": 1},
        writes=False,
    ),
    "desk:view-keep": _of_a_view(post=302, body=lambda world: {"version": 1}, writes=False),
    "desk:view-default": _of_a_view(post=302),
    "desk:view-remove": _of_a_view(get=200, post=302, writes=False),
    "desk:view-removed": Row(
        COLLEAGUES, get={None: 404, "manager": 200, "admin": 200}, things={"pk": "removed view"}
    ),
    "desk:view-restore": Row(
        COLLEAGUES, post={None: 404, "manager": 302, "admin": 302}, things={"pk": "removed view"}
    ),
    "desk:customer-views": _customer_page(
        get=200, post=302, body=lambda world: {"name": "Calls", "key": str(uuid.uuid4())}
    ),
    # --- the customer record
    "accounts:new": Row(
        COLLEAGUES, get=200, post=302, body=lambda world: _details("New Customer", "N-1")
    ),
    "accounts:edit": _customer_page(get=200, post=302, body=_edited),
    "accounts:presence": _customer_page(post=200),
    "accounts:contact-presence": _customer_page(post=200, contact_pk="contact"),
    "accounts:owner": _customer_page(
        get=200, post=302, body=lambda world: {"owner": ""}, who=LEADERS
    ),
    "accounts:stage": _customer_page(
        get=200, post=302, body=lambda world: {"stage": "onboarding", "reason": "They began again."}
    ),
    "accounts:tier": _customer_page(
        get=200, post=302, body=lambda world: {"tier": "high", "reason": "They grow."}, who=LEADERS
    ),
    "accounts:contact-new": _customer_page(
        get=200, post=302, body=lambda world: {**_contact(), "key": str(uuid.uuid4())}
    ),
    "accounts:contact-edit": _customer_page(
        get=200, post=302, body=lambda world: {**_contact(), "version": 1}, contact_pk="contact"
    ),
    "accounts:permission": _customer_page(
        get=200,
        post=302,
        body=lambda world: {
            "channel": "phone",
            "is_given": "no",
            "source": "On a call",
            "said_on": "2026-01-09",
        },
        contact_pk="contact",
    ),
    "accounts:insights": _customer_page(get=200),
    "accounts:insight-new": _customer_page(
        get=200,
        post=302,
        body=lambda world: {
            "topic": "wants",
            "text": "Fewer calls",
            "source": "Robin",
            "said_on": "2026-01-09",
            "key": str(uuid.uuid4()),
        },
    ),
    "accounts:expectation": _customer_page(
        get=200,
        post=302,
        body=lambda world: {"verdict": "met", "on": "2026-03-02"},
        insight_pk="expectation",
    ),
    "accounts:expectation-reopen": _customer_page(post=302, insight_pk="met expectation"),
    "accounts:hand-over": _customer_page(
        get=200,
        post=302,
        body=lambda world: {
            "sold_by": "Ben",
            "why": "To sleep",
            "said_on": "2026-01-09",
            "key": str(uuid.uuid4()),
        },
    ),
    "accounts:annotation-new": _customer_page(
        get=200,
        post=302,
        body=lambda world: {
            "on": "2026-01-09",
            "tone": "bad",
            "text": "Lost",
            "key": str(uuid.uuid4()),
        },
    ),
    "accounts:fact": _customer_page(
        get=200, post=302, body=lambda world: {"value": "Studio"}, key="fact"
    ),
    "accounts:identity-new": _customer_page(
        get=200, post=302, body=lambda world: {"kind": "email", "value": "extra@customer.example"}
    ),
    "accounts:identity-remove": _customer_page(get=200, post=302, identity_pk="identity"),
    "accounts:duplicates": _page(LEADERS),
    "accounts:merge": _customer_page(get=200, who=LEADERS),
    "accounts:merge-with": _customer_page(
        get=200, post=302, body=_merge, who=LEADERS, other="twin"
    ),
    "accounts:unmerge": _customer_page(get=200, post=302, who=LEADERS, merge_pk="merge"),
    "accounts:remove": _customer_page(
        get=200, post=302, body=lambda world: {"reason": "A test entry."}, who=LEADERS
    ),
    "accounts:removed": Row(LEADERS, get=200, things={"pk": "removed account"}, hidden=True),
    "accounts:restore": Row(LEADERS, post=302, things={"pk": "removed account"}, hidden=True),
    "accounts:contact-remove": _customer_page(get=200, post=302, contact_pk="contact"),
    # Removed by the agent; others than admins do not see what somebody else removed.
    "accounts:contact-removed": _customer_page(
        get={None: 404, "agent": 200, "admin": 200}, contact_pk="removed contact"
    ),
    "accounts:contact-restore": _customer_page(
        post={None: 404, "agent": 302, "admin": 302}, contact_pk="removed contact"
    ),
    "accounts:bin": _page(ADMINS),
    # --- saves
    "saves:new": _customer_page(get=200, post=302, body=_save),
    "saves:win-back": _customer_page(
        get=200,
        post=302,
        body=lambda world: {"version": 0, "blocker": "They moved."},
        pk="left account",
    ),
    "saves:keep": _customer_page(post=302, body=_typed),
    # The agent's own drafts.
    "saves:drop": _own_draft(get=200, post=302, body=lambda world: {"why": "twice"}),
    "saves:reopen": _own_draft(post=302, writes=False),
    "saves:prompts": Row(COLLEAGUES, post=200, things={"pk": "account"}, hidden=True, writes=False),
    "saves:detail": Row(COLLEAGUES, get=200, things={"pk": "case"}, hidden=True),
    "saves:correct": Row(
        COLLEAGUES,
        get=_correction(200),
        post=_correction(302),
        body=_corrected,
        things={"pk": "case"},
        hidden=True,
    ),
    "saves:commitments": _customer_page(get=200),
    "saves:commitment-new": _customer_page(get=200, post=302, body=_committed),
    "saves:commitment": _commitment(get=200),
    "saves:commitment-keep": _commitment(get=200, post=302, body=lambda world: _settled()),
    "saves:commitment-waive": _commitment(post=302, body=lambda world: _settled()),
    "saves:commitment-move": _commitment(post=302, body=_moved),
    "saves:commitment-reopen": _commitment(post=302, writes=False),  # it is open
    # --- tasks
    "tasks:mine": _page(COLLEAGUES),
    "tasks:news": Row(COLLEAGUES, get=302),
    "tasks:next": Row(COLLEAGUES, post=302),
    "tasks:detail": _task(get=200),
    "tasks:edit": _task(get=200, post=302, body=lambda world: _told(version=1)),
    "tasks:start": _task(post="owner"),
    "tasks:claim": _task(post=302, thing="waiting task"),
    "tasks:release": _task(post=302),
    "tasks:wake": _task(post=302, thing="put off task"),
    "tasks:reopen": _task(post="owner", thing="done task"),
    "tasks:complete": _task(get=200, post=302),
    "tasks:cancel": _task(get=200, post=302, body=lambda world: {"why": "They paid."}),
    "tasks:snooze": _task(
        get=200, post=302, body=lambda world: {"until": "tomorrow", "reason": "Away."}
    ),
    "tasks:reschedule": _task(get=200, post=302, body=lambda world: {"when": "4h"}),
    "tasks:assign": Row(
        LEADERS,
        get=200,
        post=302,
        # Who sees both customers; a queue would be for one of them.
        body=lambda world: {"whose": f"person-{world.people['admin'].pk}"},
        things={"pk": "task"},
        hidden=True,
    ),
    "tasks:accept": _task(post="receiver", thing="handoff"),
    "tasks:decline": _task(
        get=200, post="receiver", body=lambda world: {"note": "Away."}, thing="handoff"
    ),
    "tasks:withdraw": _task(post="owner", thing="handoff"),
    "tasks:feed": Row(COLLEAGUES, get=200, post=200, body=lambda world: {"do": "new"}),
    "tasks:calendar": Row(EVERYBODY, get=200, things={"secret": "feed"}),
    "tasks:team": _page(LEADERS),
    "tasks:team-changes": Row(
        LEADERS,
        get=200,
        post=302,
        body=lambda world: {
            "do": "tasks.cancel",
            "pick": world.things["task"]["own"],
            "key": uuid.uuid4(),
        },
    ),
    "tasks:team-change": _tasks_change("preview", get=200, body=lambda world: {"why": "Gone."}),
    "tasks:team-confirm": _tasks_change("chosen", body=_as_shown("chosen bulk of tasks")),
    "tasks:team-undo": _tasks_change("done"),
    "desk:new-task": _customer_page(get=200, post=302, body=_new_task),
    "desk:hand-off": _task(get=200, post="owner", body=_handed_off),
    # --- people
    "access:people": _page(LEADERS),
    "access:person": _page(LEADERS, things={"pk": "colleague"}),
    "access:my-working-time": Row(COLLEAGUES, get=200, post=302, body=_absence),
    "access:working-time": Row(
        LEADERS, get=200, post=302, body=_absence, things={"pk": "colleague"}
    ),
    # The agent's; the manager is of the same team.
    "access:come-back": Row(
        COLLEAGUES, post={None: 302, "outsider": 404}, things={"pk": "absence"}
    ),
    "access:invite": Row(
        LEADERS,
        get=200,
        post=302,
        body=lambda world: {"email": "new@example.com", "name": "New", "role": "agent"},
    ),
    "access:withdraw": Row(LEADERS, post=302, things={"pk": "invitation"}),
    "access:invitation": Row(
        EVERYBODY,
        get=200,
        post=302,
        body=lambda world: {"name": "Guest", "password": "a long and quiet evening"},
        things={"secret": "secret"},
    ),
    "access:role": Row(
        ADMINS,
        post=302,
        body=lambda world: {"role": "manager", "authority": "senior"},
        things={"pk": "colleague"},
    ),
    "access:deactivate": Row(ADMINS, post=302, things={"pk": "colleague"}),
    "access:reactivate": Row(ADMINS, post=302, things={"pk": "leaver"}),
    "access:me": Row(
        COLLEAGUES,
        get=200,
        post=302,
        body=lambda world: {"name": "Me", "time_zone": "UTC", "theme": "dark"},
    ),
    "access:theme": Row(COLLEAGUES, post=302, body=lambda world: {"theme": "dark"}),
    # --- signing in and out
    "account_login": Row(
        EVERYBODY,
        get=_for_visitors(200, 302),
        post=302,
        body=lambda world: {"login": world.people["agent"].email, "password": PASSWORD},
        writes=False,
    ),
    "account_logout": Row(COLLEAGUES, get=200, post=302, writes=False),
    "account_inactive": _page(EVERYBODY),
    "account_reauthenticate": Row(
        COLLEAGUES, get=200, post=302, body=lambda world: {"password": PASSWORD}, writes=False
    ),
    "usersessions_list": Row(COLLEAGUES, get=200, post=302, writes=False),
    "account_signup": Row(EVERYBODY, get=302),
    "account_change_password": Row(
        COLLEAGUES,
        get=200,
        post=302,
        body=lambda world: {
            "oldpassword": PASSWORD,
            "password1": "another quiet evening",
            "password2": "another quiet evening",
        },
    ),
    "account_reset_password": Row(
        EVERYBODY,
        get=200,
        post=302,
        body=lambda world: {"email": world.people["agent"].email},
        writes=False,
    ),
    "account_reset_password_done": _page(EVERYBODY),
    "account_reset_password_from_key": Row(
        EVERYBODY,
        get=302,
        post=302,
        things={"uidb36": "reset user", "key": "reset token"},
        missing=200,
        writes=False,
    ),
    "account_reset_password_from_key_done": _page(EVERYBODY),
    # --- settings
    "admin:index": _page(ADMINS),
    "admin:app_list": _page(ADMINS, things={"app_label": "app"}),
    "admin:jsi18n": _page(ADMINS),
    "admin:autocomplete": Row(ADMINS, get=403),  # answers only for fields that ask for it
    "admin:login": Row(ADMINS, get=302),
    "admin:password_change": Row(ADMINS, get=302),
    "admin:logout": Row(ADMINS, post=302, writes=False),
    **_settings(
        "workspace_workspace",
        "workspace",
        lambda world: {"name": "Tidewell", "currency": "GBP"},
        add=False,
        index=302,
    ),
    **_settings("history_delivery", "delivery", lambda world: {}, add=False, post=403),
    **_settings("users_team", "team", _team),
    **_settings("calendars_calendar", "calendar", _calendar),
    **_settings("tasks_queue", "queue of tasks", _queue),
    **_settings("tasks_policy", "policy", _policy),
    **_settings("reasons_category", "category", _category),
    **_settings("reasons_reason", "reason", _reason),
    **_settings("reasons_competitor", "competitor", lambda world, fresh=False: {"name": "Rival"}),
    **_settings("reasons_prompt", "prompt", _prompt),
    **_settings("accounts_tierthreshold", "threshold", _threshold),
    **_settings("accounts_blockedidentity", "blocked", _blocked, delete=True),
    **_settings("accounts_customfield", "field", _custom_field),
    # --- health
    "core:alive": _page(EVERYBODY),
    "core:ready": _page(EVERYBODY),
    "core:worker": _page(EVERYBODY),
}
