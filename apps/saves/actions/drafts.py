"""Keeping what an agent typed, until the call is logged or dropped."""

import json
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.history import actions as history
from apps.saves.models import Draft, SaveCase

LONGEST = 64 * 1024  # bytes of one draft
ASIDES = 20  # other words that are kept beside a draft


class NotKept(Exception):
    """The answers were not kept, for a reason that the page tells."""


class Behind(NotKept):
    """Another page kept other words since this one was shown."""

    def __init__(self, draft):
        super().__init__(_("Another page kept other words."))
        self.draft = draft


class Dropped(NotKept):
    """The draft was dropped in another place."""

    def __init__(self, draft):
        super().__init__(_("This draft was dropped."))
        self.draft = draft


class Logged(NotKept):
    """The call is saved already."""

    def __init__(self, case):
        super().__init__(_("This call is saved already."))
        self.case = case


class TooLong(NotKept):
    """Nobody types that much in a call."""

    def __init__(self):
        size = LONGEST // 1024
        super().__init__(_("This is longer than %(size)s kB. Shorten it.") % {"size": size})


@transaction.atomic
def keep(opening, *, by, at, answers, version):
    """Keep what was typed so far; the first keeping begins the call.

    Safe to call twice, and in the wrong order: a page's older answers never replace its newer.

    Args:
        opening: how the call began.
        by: the agent.
        at: now.
        answers: field name → list of texts, as posted.
        version: which version of the draft the page had; 0 when there was none.

    Returns:
        The draft.

    Raises:
        Behind: another page kept other words since.
        Dropped: the draft was dropped since.
        Logged: the call is saved already.
        TooLong: it is longer than a draft may be.
    """
    draft = _hold(opening, by=by, answers=answers)
    if draft is None:
        return _begin(opening, by=by, at=at, answers=answers)
    if draft.dropped_at:
        raise Dropped(draft)
    if draft.is_after(answers):
        return draft
    if draft.precedes(answers, version):
        return _write(draft, answers, at=at)
    if draft.says(answers):
        return draft
    raise Behind(draft)


@transaction.atomic
def insist(opening, *, by, at, answers, version):
    """Keep what was typed although another page kept other words, which are laid aside.

    A draft that was dropped meanwhile is taken up again. Arguments and errors as for `keep`.
    """
    draft = _hold(opening, by=by, answers=answers)
    if draft and draft.dropped_at:
        draft = reopen(draft, by=by, at=at)
    if draft is None or draft.precedes(answers, version):
        return keep(opening, by=by, at=at, answers=answers, version=version)
    if not draft.says(answers):
        _lay_aside(draft, draft.answers, at=draft.kept_at)
    return _write(draft, answers, at=at)


@transaction.atomic
def set_aside(opening, *, by, at, answers, version):
    """Lay what was typed beside the words that another page kept.

    Arguments and errors as for `keep`.
    """
    draft = _hold(opening, by=by, answers=answers)
    if draft is None or draft.dropped_at:
        return keep(opening, by=by, at=at, answers=answers, version=version)
    if not draft.says(answers):
        _lay_aside(draft, answers, at=at)
    return draft


@transaction.atomic
def restore(opening, *, by, at, answers, version):
    """Keep what a browser had kept while it did not reach us, beside newer words if need be.

    Arguments and errors as for `keep`.
    """
    try:
        return keep(opening, by=by, at=at, answers=answers, version=version)
    except Behind:
        return set_aside(opening, by=by, at=at, answers=answers, version=version)


@transaction.atomic
def use(draft, *, kept_at, at):
    """Take words that were laid aside, and lay those of the draft aside instead.

    Args:
        draft: the draft.
        kept_at: when the words had been kept, as `asides` says.
        at: now.
    """
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    chosen = next((each for each in draft.asides if each["kept_at"] == kept_at), None)
    if chosen and draft.is_open:
        draft.asides.remove(chosen)
        _lay_aside(draft, draft.answers, at=draft.kept_at)
        _write(draft, chosen["answers"], at=at)
    return draft


@transaction.atomic
def drop(draft, *, reason, by, at):
    """End a draft without a call, and say why. Safe to call twice.

    Args:
        draft: the draft.
        reason: why, in words.
        by: the agent.
        at: now.

    Raises:
        Logged: the call was saved.
    """
    draft = _take(draft)
    if draft.case_id:
        raise Logged(draft.case)
    if draft.dropped_at is None:
        draft.dropped_at, draft.drop_reason = at, reason
        draft.save(update_fields=["dropped_at", "drop_reason"])
        _tell("saves.draft_dropped", draft, by=by, at=at, reason=reason)
    return draft


@transaction.atomic
def reopen(draft, *, by, at):
    """Take a dropped draft up again. Safe to call twice.

    Where another call with the customer has begun since, the words are laid beside that one.

    Returns:
        The draft that is open now.
    """
    draft = _take(draft)
    if draft.dropped_at is None:
        return draft
    newer = Draft.objects.of_customer(draft.customer).by_agent(by).open().newest_first().first()
    if newer:
        if not newer.says(draft.answers):
            _lay_aside(newer, draft.answers, at=draft.kept_at)
        return newer
    draft.dropped_at, draft.drop_reason = None, ""
    draft.save(update_fields=["dropped_at", "drop_reason"])
    _tell("saves.draft_reopened", draft, by=by, at=at)
    return draft


@dataclass(frozen=True)
class Seen:
    """What a page knew of the draft when it was sent: its version, and its own answers."""

    version: int
    answers: dict


def finish(case, *, seen=None):
    """End the draft of a call that was logged; a call may have none.

    Args:
        case: the call.
        seen: what the page knew of it; None from a script that knows of no drafts.

    Raises:
        Behind: another page kept other words since.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, {"case": case.pk, "key": case.key})
        row = cursor.fetchone()
    if row and seen:
        version, answers, kept_at = row
        draft = Draft(version=version, answers=json.loads(answers), kept_at=kept_at)
        if not (draft.precedes(seen.answers, seen.version) or draft.says(seen.answers)):
            raise Behind(draft)


# In one statement, since every call that is saved asks for it.
_FINISH = """
UPDATE saves_draft SET case_id = %(case)s
WHERE key = %(key)s AND case_id IS NULL AND dropped_at IS NULL
RETURNING version, answers::text, kept_at
"""


def _hold(opening, *, by, answers):
    """Lock the customer and find the draft that a page's answers belong to.

    That is the one under its key; or else the one this agent has open with the customer: the
    page is older than a merge, or than a draft that was dropped.
    """
    if len(json.dumps(answers)) > LONGEST:
        raise TooLong
    # The lock puts tabs, and the logging of the call, in a line.
    account = Account.objects.select_for_update(of=["self"]).get(pk=opening.account_id)
    if case := SaveCase.objects.filter(key=opening.key).first():
        raise Logged(case)
    mine = Draft.objects.of_customer(account).by_agent(by).filter(case=None).newest_first()
    drafts = list(mine.select_related("account__timeline", "account__merged_into__timeline"))
    own = next((each for each in drafts if each.key == opening.key), None)
    is_open = own and own.is_open
    return own if is_open else next((each for each in drafts if each.is_open), own)


def _take(draft):
    """Lock a draft as everything else does, the customer first."""
    Account.objects.select_for_update(of=["self"]).get(pk=draft.customer.pk)
    rows = Draft.objects.select_related(
        "account__timeline", "account__merged_into__timeline", "case"
    )
    return rows.get(pk=draft.pk)


def _begin(opening, *, by, at, answers):
    return Draft.objects.create(
        key=opening.key,
        account_id=opening.account_id,
        agent=by,
        opening=opening.sign(),
        answers=answers,
        opened_at=opening.at,
        kept_at=at,
    )


def _write(draft, answers, *, at):
    if not draft.says(answers):
        draft.version += 1
    draft.answers, draft.kept_at = answers, at
    draft.save(update_fields=["answers", "kept_at", "version"])
    return draft


def _lay_aside(draft, answers, *, at):
    """Keep words beside a draft, once; the newest first."""
    others = [each for each in draft.asides if each["answers"] != answers]
    draft.asides = [{"kept_at": at.isoformat(), "answers": answers}, *others][:ASIDES]
    draft.save(update_fields=["asides"])


def _tell(kind, draft, *, by, at, **payload):
    began = draft.opened_at.isoformat()
    timeline = draft.customer.timeline
    history.record(kind, timeline=timeline, by=by, at=at, subject=draft, began=began, **payload)
