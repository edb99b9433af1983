"""Walking every route as every kind of person, and judging each answer by the matrix."""

import copy
import itertools
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from apps.access import actions as access
from apps.saves import actions as saves
from apps.tasks.actions import feeding
from tests.access.matrix import INSIDERS, MATRIX, VISITORS
from tests.factories.accounts import (
    AccountFactory,
    BlockedIdentityFactory,
    ContactFactory,
    CustomFieldFactory,
    IdentityFactory,
    InsightFactory,
    MergeFactory,
    TierThresholdFactory,
)
from tests.factories.calendars import CalendarFactory, OutOfOfficeFactory
from tests.factories.history import DeliveryFactory, EventFactory
from tests.factories.notifications import NotificationFactory
from tests.factories.reasons import CompetitorFactory, PromptFactory, ReasonFactory
from tests.factories.saves import CommitmentFactory, DraftFactory, SaveCaseFactory
from tests.factories.tasks import HandoffFactory, PolicyFactory, QueueFactory, TaskFactory
from tests.factories.users import TeamFactory, make_person
from tests.factories.workspace import (
    BulkChangeFactory,
    BulkRowFactory,
    SavedViewFactory,
    WorkspaceFactory,
)
from tests.writes import watch_writes

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SAFE = {"GET", "HEAD", "OPTIONS"}
# A method that a route does not take is refused before it matters who asks: one person tries them
# all, and everybody else one of them, so that the walks stay short.
TRIED_BY_ALL = ("GET", "HEAD", "POST", "DELETE")
# Half of all requests are of methods that a route does not take; asked for in this way, that is
# said in a line instead of a whole page.
BRIEF = {"HX-Request": "true"}
DENIED = {"sign in", 401, 403, 404, 405}
START = date(2026, 1, 9)


def routes(resolver=None, namespace=""):
    """Yield (name, pattern) of every route of the live URLconf."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


@dataclass
class World:
    """One of everything, some of it the private team's; `kind` and `actor` say who looks at what."""

    people: dict
    things: dict  # name: {"own": value, "foreign": …, "missing": …}, None where there is none
    reason: object
    accounts: dict
    kind: str = "own"
    actor: str = "agent"
    clients: dict = field(default_factory=dict)

    @property
    def account(self):
        """The customer whose page is asked for."""
        return self.accounts.get(self.kind, self.accounts["own"])

    def opening(self):
        """Return the signed opening of a call that the actor makes."""
        by = self.people.get(self.actor, self.people["agent"])
        return saves.open_call(self.account, by=by, at=timezone.now()).sign()

    def client(self, **options):
        """Return a browser in which the actor has signed in, once."""
        key = (self.actor, *options.items())
        if key not in self.clients:
            client = Client(**options)
            if person := self.people.get(self.actor):
                person.is_active = True
                person.save()
                client.force_login(person)
                person.is_active = self.actor != "deactivated"
                person.save()
            self.clients[key] = client, copy.deepcopy(client.cookies)
        client, cookies = self.clients[key]
        client.cookies = copy.deepcopy(cookies)  # a request may have signed out
        return client


def _cast():
    team = TeamFactory(name="Northern")
    private = TeamFactory(name="Discreet", is_private=True)
    people = {
        role: make_person(role, team=team, name=role.title())
        for role in ("agent", "manager", "admin")
    }
    people["outsider"] = make_person("agent", team=private, name="Outsider")
    people["deactivated"] = make_person("admin", team=team, name="Gone", is_active=False)
    return team, private, people


def _gone(own, foreign, people):
    """Return records beside the two customers: to merge, merged, and removed."""
    pairs = {"own": own, "foreign": foreign}

    def beside(account, **more):
        return AccountFactory(team=account.team, owner=account.owner, **more)

    away = {"removed_at": timezone.now()}
    by_manager, by_agent = ({**away, "removed_by": people[role]} for role in ("manager", "agent"))
    return {
        # Whoever sees both customers may merge them, so there is no foreign one.
        "twin": {"own": beside(own).pk, "foreign": None},
        "merge": {
            kind: MergeFactory(kept=each, given_up=beside(each, merged_into=each)).pk
            for kind, each in pairs.items()
        },
        "left account": {
            kind: beside(each, started_on=START, churned_on=START).pk
            for kind, each in pairs.items()
        },
        "removed account": {kind: beside(each, **by_manager).pk for kind, each in pairs.items()},
        "removed contact": {
            kind: ContactFactory(account=each, **by_agent).pk for kind, each in pairs.items()
        },
    }


def _promised(own, foreign, **more):
    """Return what the sale promised to the two customers."""
    return {
        kind: InsightFactory(account=account, topic="expectation", **more).pk
        for kind, account in (("own", own), ("foreign", foreign))
    }


def _bulk_changes(account, manager):
    """Return changes to many: just begun, ready to be confirmed, and done."""
    states = {
        "preview": {},
        "chosen": {"arguments": {"owner": None}},
        "done": {"arguments": {"owner": None}, "state": "done", "done": 1},
    }
    made = {
        f"{name} bulk": BulkChangeFactory(
            kind="accounts.owner", by=manager, total=1, finished_at=timezone.now(), **fields
        )
        for name, fields in states.items()
    }
    for change in made.values():
        BulkRowFactory(
            change=change,
            subject_id=account.pk,
            outcome="done" if change.done else "waiting",
            before={"owner": None, "version": 1},
        )
    return {name: {"own": change.pk} for name, change in made.items()}


def _tasks(own, foreign, people):
    """Return tasks of the agent's, and of the private team's agent: one of each that forms need."""
    now = timezone.now()
    put_off = {"snoozed_until": now + timedelta(days=1), "snooze_reason": "Away."}
    sides = {"own": (own, people["manager"]), "foreign": (foreign, people["admin"])}
    made = {}
    for kind, (account, receiver) in sides.items():
        queue, owner = QueueFactory(team=account.team), account.owner
        task = {"account": account, "owner": owner, "kind": "check", "queue": queue}
        closed = {"state": "done", "closed_by": owner, "closed_at": now}
        states = {
            "task": {},
            "waiting task": {"owner": None},
            "put off task": {**put_off, "snoozed_by": owner},
            "done task": closed,
        }
        for name, fields in states.items():
            made.setdefault(name, {})[kind] = TaskFactory(**{**task, **fields}).pk
        handoff = HandoffFactory(task=TaskFactory(**task), receiver=receiver)
        made.setdefault("handoff", {})[kind] = handoff.pk
    return made


def _changes_of_tasks(manager):
    """Return changes to many tasks: just begun, ready to be confirmed, and done."""
    states = {
        "preview": {},
        "chosen": {"arguments": {"why": "Gone."}},
        "done": {"arguments": {"why": "Gone."}, "state": "done", "done": 1},
    }
    return {
        f"{name} bulk of tasks": {
            "own": BulkChangeFactory(
                kind="tasks.cancel", by=manager, total=1, finished_at=timezone.now(), **fields
            ).pk
        }
        for name, fields in states.items()
    }


def make_world():
    """Build the objects that the routes need; made once, since every request is rolled back."""
    team, private, people = _cast()
    own = AccountFactory(team=team, owner=people["agent"])
    foreign = AccountFactory(team=private, owner=people["outsider"])
    contact, hidden_contact = (ContactFactory(account=account) for account in (own, foreign))
    identity, hidden_identity = (IdentityFactory(account=account) for account in (own, foreign))
    reason = ReasonFactory(category__position=1)
    case, hidden = (
        SaveCaseFactory(account=account, agent=account.owner, reason=reason)
        for account in (own, foreign)
    )
    invitation, link = access.invite(
        "guest@example.com",
        name="Guest",
        role="agent",
        team=team,
        by=people["admin"],
        at=timezone.now(),
    )
    colleague = make_person("agent", team=team)
    event, hidden_event = (EventFactory(timeline=account.timeline) for account in (own, foreign))
    things = {
        "account": {"own": own.pk, "foreign": foreign.pk},
        "fact": {"own": "plan", "missing": "no-such-fact"},
        "contact": {"own": contact.pk, "foreign": hidden_contact.pk},
        "identity": {"own": identity.pk, "foreign": hidden_identity.pk},
        "expectation": _promised(own, foreign),
        "met expectation": _promised(own, foreign, verdict="met", settled_on=START),
        **_gone(own, foreign, people),
        **_tasks(own, foreign, people),
        **_bulk_changes(own, people["manager"]),
        **_changes_of_tasks(people["manager"]),
        "case": {"own": case.pk, "foreign": hidden.pk},
        "commitment": {
            "own": CommitmentFactory(account=own, owner=own.owner).pk,
            "foreign": CommitmentFactory(account=foreign, owner=foreign.owner).pk,
        },
        # Both the agent's: one of a customer who was handed to the private team since.
        "draft": {
            kind: DraftFactory(account=AccountFactory(team=each), agent=people["agent"]).pk
            for kind, each in (("own", team), ("foreign", private))
        },
        "event": {"own": event.pk, "foreign": hidden_event.pk},
        "notification": {"own": NotificationFactory(user=people["agent"], event=event).pk},
        "colleague": {"own": colleague.pk},
        "calendar": {"own": CalendarFactory().pk},
        "queue of tasks": {"own": QueueFactory().pk},
        "policy": {"own": PolicyFactory(kind="review").pk},
        "absence": {"own": OutOfOfficeFactory(user=people["agent"]).pk},
        "leaver": {"own": people["deactivated"].pk},
        "invitation": {"own": invitation.pk},
        "secret": {"own": link.rstrip("/").rpartition("/")[2], "missing": "no-such-link"},
        "feed": {
            "own": feeding.open_feed(by=people["agent"], at=timezone.now()),
            "missing": "no-such-calendar",
        },
        "reset user": {"own": user_pk_to_url_str(colleague), "missing": "zzz"},
        "reset token": {"own": default_token_generator.make_token(colleague), "missing": "none"},
        "app": {"own": "reasons", "missing": None},  # its route names the apps there are
        "workspace": {"own": WorkspaceFactory().pk},
        "delivery": {"own": DeliveryFactory(state="parked").pk},
        "team": {"own": team.pk},
        "private team": {"own": private.pk, "foreign": private.pk},
        "category": {"own": reason.category.pk},
        "reason": {"own": reason.pk},
        "competitor": {"own": CompetitorFactory().pk},
        "prompt": {"own": PromptFactory().pk},
        "view": {"own": SavedViewFactory(owner=people["manager"], sharing="everyone").pk},
        "removed view": {
            "own": SavedViewFactory(
                owner=people["manager"], sharing="everyone", removed_at=timezone.now()
            ).pk
        },
        "threshold": {"own": TierThresholdFactory().pk},
        "blocked": {"own": BlockedIdentityFactory().pk},
        "field": {"own": CustomFieldFactory().pk},
    }
    for thing in things.values():
        thing.setdefault("missing", 0)
    return World(people, things, reason, {"own": own, "foreign": foreign})


def address(world, name, pattern, row):
    """Return the path of a route to the world's current kind of object, or None without one.

    Raises:
        LookupError: the path has an argument that the route's row does not explain.
    """
    arguments = list(pattern.pattern.converters)
    if not arguments and hasattr(pattern.pattern, "regex"):
        arguments = list(pattern.pattern.regex.groupindex)
    if unknown := set(arguments) - set(row.things):
        raise LookupError(f"{name} has {sorted(unknown)} in its path: say in the matrix of what.")
    kinds = [world.kind] * len(arguments)
    if world.kind == "crossed":
        kinds = ["own", *["foreign"] * (len(arguments) - 1)]
    chosen = {
        argument: world.things[row.things[argument]].get(kind)
        for argument, kind in zip(arguments, kinds, strict=True)
    }
    return None if None in chosen.values() else reverse(name, kwargs=chosen)


def _kinds(row):
    """Say which objects to try; "crossed" is one's own customer with a part of a hidden one."""
    if len(row.things) > 1 and row.hidden:
        return ["own", "foreign", "missing", "crossed"]
    return ["own", "foreign", "missing"] if row.things else ["own"]


def expected(row, method, actor, kind):
    """Return the answer that the matrix asks for: a status, or "sign in"."""
    declared = {"GET": row.get, "HEAD": row.get, "POST": row.post}.get(method)
    if declared is None:
        return 405
    if actor not in row.who:
        return "sign in" if actor in VISITORS else 403
    if kind == "missing" and declared != 403:
        return row.missing
    if kind == "crossed":
        return 404
    if kind == "foreign" and row.hidden and actor not in INSIDERS:
        return 404
    if not isinstance(declared, dict):
        return declared
    return declared.get((actor, kind), declared.get(actor, declared[None]))


def answer(world, method, path, body, headers=None, **options):
    """Send one request, undo what it did, and return the answer and the tables it wrote."""
    client = world.client(**options)
    with transaction.atomic():
        with watch_writes() as written:
            send = client.post if method == "POST" else partial(client.generic, method)
            response = send(path, body if method == "POST" else "", headers=headers)
        transaction.set_rollback(True)
    status = response.status_code
    if status == 302 and response["Location"].startswith(reverse("account_login") + "?"):
        status = "sign in"
    return status, written


def judge(row, method, actor, kind, status, written):
    """Return what is wrong with an answer, or nothing."""
    want = expected(row, method, actor, kind)
    if status != want:
        return f"answered {status}, not {want}"
    if written and (method in SAFE or status in DENIED):
        return f"answered {status} and wrote {sorted(written)}"
    refused = status in DENIED or status == 409  # seen, and said why not
    succeeded = method == "POST" and kind == "own" and not refused
    if succeeded and row.writes and not written:
        return "succeeded and wrote nothing"
    return None


def walk(world, actor, *, only=MATRIX, methods=None):
    """Call every route in every way as one actor; return {route: what went wrong there}."""
    world.actor = actor
    methods = methods or (METHODS if actor == "agent" else TRIED_BY_ALL)
    wrong = {}
    for name, pattern in routes():
        row = MATRIX.get(name)
        if row is None or name not in only:
            continue
        for kind, method in itertools.product(_kinds(row), methods):
            world.kind = kind
            path = address(world, name, pattern, row)
            not_taken = expected(row, method, actor, kind) == 405
            if path is None or (kind != "own" and not_taken):
                continue
            try:
                headers = BRIEF if not_taken else None
                status, written = answer(world, method, path, row.body(world), headers)
                problem = judge(row, method, actor, kind, status, written)
            except Exception as error:  # noqa: BLE001  a crash is a finding like any other
                problem = f"crashed: {error!r}"
            if problem:
                text = f"{method} {path} ({kind}) as {actor} {problem}"
                wrong.setdefault(name, []).append(text)
    return wrong
