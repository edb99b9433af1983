"""What happens to one customer: every row and every event of a life, in any order."""

import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

from apps.accounts import rules
from apps.core.templatetags.mainstay import money
from apps.desk.demo import own_fields, watched
from apps.desk.demo.clock import Clock
from apps.desk.demo.customers import THRESHOLDS
from apps.history import kinds
from apps.saves.models import Mood

A_CALL, THEIR_LAST_DAY, STAYING = "a save call", "their last day", "staying after all"
MOODS = {mood.value: str(mood.label) for mood in Mood}
WORDS = ("blocker", "what_changed", "still_uncertain", "path_to_value")
ENDINGS = ("stay_because", "back_if", "export_help", "waits_for")
JSON = json.JSONEncoder(ensure_ascii=False)
IS_TOUCH = {name: kinds.get(name).is_touch for name in kinds.names()}


@dataclass(frozen=True)
class Why:
    """A reason for leaving, as far as a story needs to know it."""

    id: int
    name: str
    category: str
    category_id: int
    solvable: str
    win_back_days: int = 30

    @property
    def text(self):
        """Both levels, as a case keeps them."""
        return f"{self.category}: {self.name}"


@dataclass
class WinBack:
    """What is to be done about a customer who left, before it has a row."""

    id: int
    case: int | None
    category: str
    not_before: date
    at: datetime
    by: int | None
    texts: dict
    version: int
    ended: str = ""
    closed_at: datetime | None = None


@dataclass(frozen=True)
class World:
    """What all stories share."""

    rng: object
    clock: Clock
    book: object
    sides: dict
    reasons: list
    competitors: list


class Life:
    """One customer's life. Call what happened, then `close()`.

    Args:
        world: what all stories share.
        who: the customer.
        owner: the colleague who looks after them, or None.
        born: how many days ago they came into Mainstay.
        started: how many days ago they became a customer, None for a prospect.
        stage: in which stage they came.
    """

    def __init__(self, world, who, *, owner, born, started=None, stage="retention"):
        self.world, self.who, self.owner, self.started = world, who, owner, started
        self.side = world.sides[who.team]
        self.stage = stage
        self.mrr, self.tier = who.mrr, rules.tier(who.mrr, THRESHOLDS[who.currency])
        self.is_tier_set_by_hand = False
        self.churned_on = None
        self.plan = who.plan
        self.id = world.book.reserve("account")
        self.timeline = world.book.reserve("timeline")
        self.created_at = self.stage_since = self.at(born, world.rng.randrange(28_800, 33_000))
        # How many calls, and of the last one its end and when to call back.
        self.calls, self.closed_at, self.call_back_at = 0, None, None
        self.win_back = None  # of who left
        self.contacts = []
        self._events, self._pins, self._win_backs = [], {}, []

    # --- Moments ------------------------------------------------------------

    def at(self, day, second):
        """A moment by the clocks of the customer's team."""
        return self.world.clock.at(day, second, self.side.zone)

    def office(self, day):
        """Some moment in office hours of that day."""
        return self.at(day, self.world.rng.randrange(34_200, 61_200))

    # --- What may happen ----------------------------------------------------

    def tell(self, kind, at, by, *, recorded_at=None, **payload):
        """Remember something about the record; fields that are None are left out."""
        payload = {name: value for name, value in payload.items() if value is not None}
        self._tell(kind, at, by, recorded_at or at, "", payload, ("accounts.account", self.id))

    def _tell(self, kind, at, by, recorded_at, channel, payload, about, key=None):
        """Remember an event; it gets its number when the life is closed."""
        self._events.append((recorded_at, kind, at, by and by.id, channel, payload, *about, key))

    def arrive(self, by, source=""):
        """They are put into Mainstay, with their people."""
        self.tell("accounts.created", self.created_at, by, source=source or None)
        self._identity(None, "domain", self.who.domain, self.created_at, "added by hand")
        for number, somebody in enumerate(self.who.contacts):
            at = self.created_at + timedelta(minutes=2 + 3 * number)
            self.meet(somebody, by, at, is_primary=number == 0, source=source)

    def meet(self, somebody, by, at, *, is_primary=False, source=""):
        """A contact is added, with the marks by which we recognise them."""
        book = self.world.book
        pk = book.add(
            "contact",
            *(self.id, somebody.name, somebody.title, somebody.email, somebody.phone),
            *(somebody.channel, somebody.language, is_primary, at),
        )
        self.contacts.append((pk, somebody))
        name = somebody.name
        self.tell("accounts.contact_added", at, by, name=name, source=source or None)
        self._identity(pk, "email", somebody.email, at, source or "contact")
        self._identity(pk, "phone", somebody.phone, at, source or "contact")

    def permit(self, number, channel, at, by, source, *, is_given=True):
        """A contact says that a channel is fine, or no longer is."""
        pk, somebody = self.contacts[number]
        self.world.book.add("permission", pk, channel, is_given, source, at, by.id)
        self.tell(
            f"accounts.permission_{'given' if is_given else 'withdrawn'}",
            *(at, by),
            name=somebody.name,
            medium=channel,
            source=source,
        )

    def note(self, at, by, text, *, days_late=0, mentions=(), is_pinned=False):
        """A colleague writes something down, perhaps some days after it happened."""
        later = min(at + timedelta(days=days_late), self.world.clock.now)
        payload = {"text": text}
        if mentions:  # the text says each as @name
            payload["mentions"] = [{"id": each.id, "name": each.name} for each in mentions]
        self._tell("history.noted", at, by, later, "", payload, ("", None))
        if is_pinned:
            self._pins[id(self._events[-1])] = (by.id, later)

    def annotate(self, at, by, text, tone, *, recorded_at, prefers=None):
        """A colleague marks a day of their story, some time after it was."""
        payload = {"text": text, "tone": tone}
        if prefers:
            payload["prefers"] = prefers
        self._tell("history.annotated", at, by, recorded_at, "", payload, ("", None))

    def learn(self, at, by, topic, text, source, *, driver="", due_on=None):
        """Somebody at the customer says what matters to them."""
        self._insight(at, by, topic, text, source, driver, due_on)
        told = {"topic": topic, "told_by": source, "text": text or None, "driver": driver or None}
        self.tell("accounts.learned", at, by, **told, due_on=due_on and due_on.isoformat())

    def take_over(self, at, by, sold_by, said, *, recorded_at=None):
        """Sales hands them over: triples of topic, text and driver or day."""
        told = []
        for topic, text, more in said:
            driver = more if isinstance(more, str) else ""
            due_on = None if isinstance(more, str) else more
            self._insight(at, by, topic, text, sold_by, driver, due_on, recorded_at)
            facts = {"topic": topic, "text": text, "driver": driver, "due_on": due_on}
            told.append({name: str(value) for name, value in facts.items() if value})
        self.tell(
            "accounts.handed_over", at, by, recorded_at=recorded_at, sold_by=sold_by, said=told
        )

    def move(self, stage, at, by, *, reason="", source=""):
        """They come into another stage."""
        told = {"before": self.stage, "after": stage}
        told |= {"reason": reason or None, "source": source or None}
        self.tell("accounts.stage_changed", at, by, **told)
        self.stage, self.stage_since = stage, at

    def hand_over(self, at, by, owner):
        """A manager gives them to another colleague."""
        before = self.owner.name if self.owner else ""
        self.tell("accounts.owner_changed", at, by, before=before, after=owner.name)
        self.owner = owner

    def reprice(self, at, by, mrr, plan=None):
        """They pay something else from now on, perhaps for another plan."""
        currency = self.who.currency
        changes = {"mrr": [money(self.mrr, currency), money(mrr, currency)]}
        if plan:
            changes["plan"] = [self.plan, plan]
        self.tell("accounts.changed", at, by, changes=changes)
        self.mrr, self.plan = mrr, plan or self.plan
        earned = rules.tier(mrr, THRESHOLDS[currency])
        if earned != self.tier and not self.is_tier_set_by_hand:
            self.tell("accounts.tier_changed", at, by, before=self.tier, after=earned)
            self.tier = earned

    def set_tier(self, at, by, tier, reason):
        """A manager sets another tier than the money earns."""
        self.tell("accounts.tier_changed", at, by, before=self.tier, after=tier, reason=reason)
        self.tier, self.is_tier_set_by_hand = tier, True

    def leave(self, on, at, by, source=""):
        """They will be gone from a day on; on that day the record moves to churn."""
        self.tell("accounts.churned", at, by, on=on.isoformat(), source=source or None)
        self.churned_on = on
        dawn = self.world.clock.dawn(on, self.who.zone)
        if dawn <= at:
            self.move("churn", at, by, source=source)
        elif dawn <= self.world.clock.now:
            self.move("churn", dawn, None, source=THEIR_LAST_DAY)

    def come_back(self, at, by):
        """They stay after all."""
        self.tell("accounts.returned", at, by, was_on=self.churned_on.isoformat())
        self.churned_on = None
        if self.win_back:
            self._end_win_back("returned", at, by)
            self.win_back = None
        if self.stage == "churn":
            self.move("retention", at, by, source=STAYING)

    def call(self, at, by, why, outcome, words, *, seconds, date=None, **answers):
        """They want to leave, on a call that somebody logs.

        Args:
            at: when the call began.
            by: the agent.
            why: the main reason.
            outcome: stayed, left or undecided.
            words: what the customer said.
            seconds: length of the call.
            date: when they leave (a day) or want to be called back (a moment).
            **answers: contact (place in the list), channel, competitor (id and name), mood
                (1 to 5), also (reasons), continues (case id), asked (seconds into the call
                after which they asked to cancel), stay_because, back_if, export_help,
                waits_for.

        Returns:
            The id of the case.
        """
        at = min(at, self.world.clock.now - timedelta(seconds=seconds + 40))
        self.calls += 1
        self.call_back_at = date if outcome == "undecided" else None
        closed_at = self.closed_at = at + timedelta(seconds=seconds + 35)
        asked = answers.get("asked")
        asked_at = None if asked is None else at + timedelta(seconds=min(asked, seconds))
        case = self._case(at, closed_at, asked_at, by, why, outcome, words, seconds, date, answers)
        channel = answers.get("channel", "phone")
        about = ("saves.savecase", case)
        if asked_at:
            told = {"reason": why.text}
            self._tell("saves.asked_to_cancel", asked_at, by, closed_at, channel, told, about)
        told = self._facts(why, seconds, words) | self._said(outcome, date, answers)
        key = f"case:{case}"
        self._tell(f"saves.{outcome}", closed_at, by, closed_at, channel, told, about, key)
        self._follow(outcome, date, closed_at, by)
        if outcome == "left":
            back_if = answers.get("back_if")
            blocker = f"{why.text}\nBack if: {back_if}" if back_if else why.text
            self.begin_win_back(closed_at, by, blocker, case=case, why=why)
        return case

    def commit(self, at, by, text, owner, due_on, *, case=None, is_visible=True, **ends):
        """Somebody of ours says that they will do something.

        Args:
            at: when it was said.
            by: who said it.
            text: what.
            owner: who does it.
            due_on: by when.
            case: the call on which it was said, if it was.
            is_visible: whether the customer knows.
            **ends: what became of it, if anything did: state, settled_at, settled_by, evidence
                and made_good_at.
        """
        state, evidence = ends.get("state", "open"), ends.get("evidence", "")
        settled_at, settled_by = ends.get("settled_at"), ends.get("settled_by")
        good_at = ends.get("made_good_at")
        kept_by = settled_by and settled_by.id
        pk = self.world.book.add(
            "commitment",
            *(self.id, case, text, owner.id, due_on, is_visible, state, evidence, by.id, at),
            *(settled_at, None if state == "broken" else kept_by),
            *(good_at, kept_by if good_at else None),
            1 + (state != "open") + (good_at is not None),
        )
        about = ("saves.commitment", pk)
        told = {"text": text, "owner": owner.name, "owner_id": owner.id}
        told["due_on"] = due_on.isoformat()
        self._tell("saves.committed", at, by, at, "", told, about)
        proof = told | {"evidence": evidence}
        if state == "broken":
            self._tell("saves.commitment_broken", settled_at, None, settled_at, "", told, about)
        elif state != "open":
            kind = f"saves.commitment_{state}"
            self._tell(kind, settled_at, settled_by, settled_at, "", proof, about)
        if good_at:
            kind = "saves.commitment_made_good"
            self._tell(kind, good_at, settled_by, good_at, "", proof, about)

    def begin_win_back(self, at, by, blocker, *, case=None, why=None):
        """They left: nobody asks them back before a day."""
        days = why.win_back_days if why else Why.win_back_days
        not_before = self.churned_on + timedelta(days=days)
        self.win_back = WinBack(
            *(self.world.book.reserve("win_back"), case, why.category if why else "", not_before),
            *(at, by and by.id, {"blocker": blocker}, 1 if case else 0),
        )
        self._win_backs.append(self.win_back)
        return self.win_back

    def plan_win_back(self, at, by, **texts):
        """Somebody writes down what would bring them back."""
        plan = self.win_back
        changes = {name: ["", str(text)] for name, text in texts.items()}
        if plan.version == 0:  # begun by hand
            first = {"not_before": str(plan.not_before), "blocker": plan.texts["blocker"]}
            changes = {name: ["", text] for name, text in first.items()} | changes
        plan.texts |= texts
        plan.at, plan.by, plan.version = at, by.id, plan.version + 1
        about = ("saves.winback", plan.id)
        self._tell("saves.win_back_planned", at, by, at, "", {"changes": changes}, about)

    def rest_win_back(self, at, by):
        """Somebody decides to leave them in peace."""
        self._end_win_back("rested", at, by)

    def _end_win_back(self, ended, at, by):
        plan = self.win_back
        plan.ended, plan.closed_at, plan.at, plan.by = ended, at, at, by and by.id
        plan.version += 1
        about = ("saves.winback", plan.id)
        self._tell("saves.win_back_ended", at, by, at, "", {"why": ended}, about)

    # --- What became of their saves -----------------------------------------

    @property
    def events(self):
        """What has been told so far, in any order."""
        return tuple(self._events)

    def tell_of_case(self, case, kind, at, payload):
        """Remember what Mainstay itself found out about a call."""
        self._tell(kind, at, None, at, "", payload, ("saves.savecase", case))

    # --- The end ------------------------------------------------------------

    def close(self):
        """Put the account, its timeline and its events into the book."""
        who, clock, book = self.who, self.world.clock, self.world.book
        has_started = self.started is not None
        renews = has_started and not self.churned_on
        book.put(
            "account",
            *(self.id, self.timeline, who.name, who.reference, who.about),
            clock.date(self.started) if has_started else None,
            clock.next_anniversary(self.started) if renews else None,
            *(self.churned_on, self.stage, self.stage_since, self.tier, self.is_tier_set_by_hand),
            *(self.mrr, who.currency, self.plan, who.industry, who.zone),
            *(self.owner and self.owner.id, self.side.id, 1, self.created_at),
            JSON.encode(own_fields.values(who, clock.today)),
        )
        for plan in self._win_backs:
            texts = [plan.texts.get(name, "") for name in WORDS]
            row = (self.id, plan.case, plan.not_before, *texts, plan.texts.get("next_on"))
            end = (plan.version, plan.at, plan.by, plan.closed_at, plan.ended)
            book.put("win_back", plan.id, *row, *end)
        watched.tell(self)
        self._events.sort(key=itemgetter(0))  # stable: numbers follow the order of writing
        touches = [at for _, kind, at, *_ in self._events if IS_TOUCH[kind]]
        book.put("timeline", self.timeline, max(touches, default=None))
        for event in self._events:
            recorded_at, kind, at, by, channel, payload, label, subject, key = event
            text = JSON.encode(payload)
            pk = book.add(
                "event",
                *(self.timeline, kind, at, recorded_at, by, channel, text, label, subject, key),
            )
            if self._pins and id(event) in self._pins:
                book.add("pin", pk, self.timeline, *self._pins[id(event)])

    # --- Inside -------------------------------------------------------------

    def _identity(self, contact, kind, value, at, source):
        if value:
            row = (self.id, contact, kind, value, rules.normalise(kind, value), source, at)
            self.world.book.add("identity", *row)

    def _insight(self, at, by, topic, text, source, driver, due_on, recorded_at=None):
        said_on = at.astimezone(ZoneInfo(self.who.zone)).date()
        row = (topic, driver, text, source, said_on, due_on, recorded_at or at, by.id)
        self.world.book.add("insight", self.id, *row)

    def _case(self, at, closed_at, asked_at, by, why, outcome, words, seconds, date, answers):
        book = self.world.book
        competitor, _ = answers.get("competitor") or (None, None)
        case = book.add(
            "case",
            uuid.UUID(int=self.world.rng.getrandbits(128), version=4),
            *(self.id, answers.get("continues"), by.id, self.contacts[answers["contact"]][0]),
            *(answers.get("channel", "phone"), at, closed_at, seconds, asked_at),
            *(why.id, why.text, why.solvable, words, competitor, answers.get("mood"), outcome),
            *(answers.get("stay_because", ""), date if outcome == "left" else None),
            *(answers.get("back_if", ""), answers.get("export_help")),
            *(date if outcome == "undecided" else None, answers.get("waits_for", "")),
            *(self.mrr, self.who.currency, self.tier, self.stage),
        )
        for other in answers.get("also", ()):
            book.add("also", case, other.id)
        return case

    def _facts(self, why, seconds, words):
        return {
            "reason": why.text,
            "reason_id": why.id,
            "category_id": why.category_id,
            "solvable": why.solvable,
            "mrr": f"{self.mrr:.2f}",
            "currency": self.who.currency,
            "tier": self.tier,
            "stage": self.stage,
            "seconds": seconds,
            "verbatim": words,
        }

    def _said(self, outcome, date, answers):
        competitor = answers.get("competitor")
        facts = {
            "competitor": competitor and competitor[1],
            "mood": MOODS.get(answers.get("mood")),
            "contact": self.contacts[answers["contact"]][1].name,
            "leaves_on": date.isoformat() if outcome == "left" else None,
            "call_back_at": date.isoformat() if outcome == "undecided" else None,
            **{name: answers.get(name) for name in ENDINGS},
            "also": [each.name for each in answers.get("also", ())] or None,
            "continues": answers.get("continues"),
        }
        return {name: value for name, value in facts.items() if value is not None}

    def _follow(self, outcome, date, at, by):
        """The record follows the call, as it does for a call that somebody logs today."""
        if outcome == "left":
            self.leave(date, at, by, source=A_CALL)
            return
        if outcome == "stayed" and self.churned_on:
            self.come_back(at, by)
        if outcome == "stayed" and self.stage in {"wandering_eye", "test_drive", "churn"}:
            self.move("retention", at, by, source=A_CALL)
