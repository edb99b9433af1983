"""Today: what waits for somebody, or for the teams they manage, and how their month goes."""

from dataclasses import dataclass

from django.core.cache import caches
from django.db import connection
from django.db.models import Q
from django.utils.translation import ngettext

from apps.core.sql import planned, rows
from apps.desk.queries import today_calls, today_month
from apps.saves.queries import commitments, watches, win_backs
from apps.users.models import Team

TEAMS = "SELECT id FROM users_team WHERE manager_id = %(user)s OR lead_id = %(user)s"
MINE = "SELECT %(user)s::bigint AS id, '' AS name"
THEIRS = f"""
    SELECT id, coalesce(nullif(name, ''), email) AS name
    FROM users_user WHERE team_id IN ({TEAMS})
"""  # noqa: S608  ours
# Adding up six months takes longer than the rest of the page: each process may know them for so
# many seconds, unless this person has logged a call since.
KNOWN_FOR = 60


def _news(who, whose, *, show_all=False):
    """What waits, which a page that stays open asks for again."""
    parts = [
        today_calls.CALL_BACKS.format(who=who),
        today_calls.BEGUN.format(who=who),
        commitments.DUE_OF_ONE[show_all],
        win_backs.DUE[whose],
    ]
    return f"SELECT {today_calls.OLDER.format(who=who)}, {', '.join(map(rows, parts))}"


def _page(who, whose, *, show_all):
    """What waits, and what else the page shows but for the numbers: one round trip.

    Written by hand: building it from querysets takes longer than the answer.
    """
    return f"{_news(who, whose, show_all=show_all)}, EXISTS ({TEAMS}), {rows(today_calls.CALLS)}"


def _ends(who, sight=""):
    return f"SELECT {rows(today_month.ENDS.format(who=who, sight=sight))}"


# By whether the reader asks for their teams, and whether something is hidden from them.
_NEWS = {False: _news(MINE, "owner_id"), True: _news(THEIRS, "team_id")}
_OF_TEAMS = ", ".join(
    rows(part.format(who=THEIRS)) for part in (today_month.WATCHED, today_month.PEOPLE)
)
_PAGE = {
    (of_teams, show_all): (
        f"{_page(THEIRS, 'team_id', show_all=show_all)}, {_OF_TEAMS}"
        if of_teams
        else _page(MINE, "owner_id", show_all=show_all)
    )
    for of_teams in (False, True)
    for show_all in (False, True)
}
_ENDS = {
    (False, False): _ends(MINE),
    (False, True): _ends(MINE),
    (True, False): _ends(THEIRS),
    (True, True): _ends(THEIRS, today_month.IN_SIGHT),
}


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody, or for the teams they manage."""

    whose: str  # "mine" or "team"
    teams: list  # whose it is
    call_backs: today_calls.CallBacks
    drafts: list
    commitments: commitments.Due
    win_backs: win_backs.DueList

    @property
    def overdue(self):
        """How much is late, in figures; "" for nothing."""
        late = self.call_backs.overdue + self.commitments.late
        is_more = self.commitments.late > commitments.COUNTED
        return f"{late - 1}+" if is_more else str(late or "")

    @property
    def said(self):
        """How much there is, in a line."""
        due, gone = self.commitments, self.win_backs
        backs, begun = self.call_backs.count, len(self.drafts)
        parts = [
            (ngettext("%(count)s call-back", "%(count)s call-backs", backs), backs),
            (ngettext("%(count)s draft", "%(count)s drafts", begun), begun),
            (ngettext("%(count)s commitment", "%(count)s commitments", due.count), due.figure),
            (ngettext("%(count)s win-back", "%(count)s win-backs", gone.count), gone.figure),
        ]
        return ", ".join(words % {"count": count} for words, count in parts if str(count) != "0")

    @property
    def sign_of_drafts(self):
        """What the lines of the drafts say, as a key under which they are kept for a while."""
        return [
            (draft.pk, draft.kept_at, draft.whose, customer.pk, customer.name)
            for draft in self.drafts
            for customer in [draft.customer]
        ]

    @property
    def seen(self):
        """The highest number of each noun, as a page sends it back."""
        return ".".join(str(max(pks, default=0)) for pks in self._pks())

    def new_since(self, seen):
        """Count what has come since a page was made.

        Args:
            seen: the `seen` of that page; one that is damaged has seen everything.
        """
        marks = seen.split(".")
        if len(marks) != 3 or not all(mark.isdecimal() for mark in marks):
            return 0
        pairs = zip(self._pks(), map(int, marks), strict=True)
        return sum(pk > mark for pks, mark in pairs for pk in pks)

    def _pks(self):
        return (
            self.call_backs.pks,
            [draft.pk for draft in self.drafts],
            [line.pk for line in self.commitments.lines],
        )


@dataclass(frozen=True)
class TodayPage:
    """What Today shows beside what waits."""

    waiting: Waiting
    has_team: bool
    calls: list
    recent: list
    months: today_month.Months
    on_watch: watches.OnWatch
    agents: today_month.Agents | None


def today_page(user, *, at, whose="", wants_save=False, show_all=False):
    """Read what Today shows.

    Args:
        user: who reads.
        at: now.
        whose: "team" for the teams that this person manages or leads, if there are any.
        wants_save: whether a recent caller leads to the save page.
        show_all: leaves out no call-back.
    """
    teams = _teams(user) if whose == "team" else []
    firsts = today_month.starts(at)
    older, backs, begun, due, gone, has_team, latest, *theirs, ends = _read(
        user, at, firsts, teams=teams, show_all=show_all
    )
    watched, people = theirs or (latest, [])
    calls, begun = today_calls.calls(latest), today_calls.drafts(begun)
    months = today_month.months(ends, firsts)
    return TodayPage(
        waiting=_waiting(
            user, (older, backs, begun, due, gone), at=at, teams=teams, show_all=show_all
        ),
        has_team=has_team,
        calls=calls,
        recent=today_calls.recent(calls, [] if teams else begun, wants_save=wants_save),
        months=months,
        on_watch=today_month.on_watch(watched, months),
        agents=today_month.agents(people, ends, month=len(firsts)) if teams else None,
    )


def waiting(user, *, at, whose=""):
    """Read what waits, for a page that stays open.

    Args:
        user: who reads.
        at: now.
        whose: as of `today_page`.
    """
    teams = _teams(user) if whose == "team" else []
    asked = _asked(user, at, teams=teams, show_all=False)
    older, backs, begun, due, gone = _ask(planned(), _NEWS[bool(teams)], asked)
    news = older, backs, today_calls.drafts(begun), due, gone
    return _waiting(user, news, at=at, teams=teams, show_all=False)


def _waiting(user, news, *, at, teams, show_all):
    older, backs, begun, due, gone = news
    return Waiting(
        whose="team" if teams else "mine",
        teams=teams,
        call_backs=today_calls.call_backs(
            backs, at=at, older=older, show_all=show_all, with_agent=bool(teams)
        ),
        drafts=begun,
        commitments=_commitments(user, at, teams, due, show_all=show_all),
        win_backs=win_backs.due_from(gone),
    )


def _commitments(user, at, teams, rows, *, show_all):
    """What this person has to keep, or what their teams have."""
    if not teams:
        return commitments.due_from(rows, at=at, user=user)
    found = [commitments.due(user, at, team=team, show_all=show_all) for team in teams]
    lines = sorted((line for due in found for line in due.lines), key=lambda line: line.due_on)
    return commitments.Due(
        lines if show_all else lines[: commitments.DUE],
        count=sum(due.count for due in found),
        late=sum(due.late for due in found),
    )


def _teams(user):
    """The teams that somebody manages or leads."""
    return list(Team.objects.filter(Q(manager=user) | Q(lead=user)).order_by("name"))


def _read(user, at, firsts, *, teams, show_all):
    """Return the columns of the page's statement, and the ends of calls last."""
    key = _key(user, teams, firsts)
    latest, ends = caches["process"].get(key) or (None, None)
    asked = _asked(user, at, teams=teams, show_all=show_all) | {
        "months": firsts,
        "since": firsts[0],
    }
    columns = _ask(planned(), _PAGE[bool(teams), show_all], asked)
    if ends is None or (not teams and _last(columns) != latest):
        # Planned anew, for these dates: thousands of calls are best read in another way than few.
        counting = _ENDS[bool(teams), bool(user.hidden_teams)]
        (ends,) = _ask(connection.cursor(), counting, asked)
        caches["process"].set(key, (_last(columns), ends), KNOWN_FOR)
    return *columns, ends


def _ask(cursor, statement, asked):
    with cursor:
        cursor.execute(statement, asked)
        return cursor.fetchone()


def _last(columns):
    """The last call that this person logged."""
    calls = columns[6]
    return calls[0]["pk"] if calls else None


def _key(user, teams, firsts):
    """Under which the months are known: whose they are, and what is hidden from the reader."""
    whose, hidden = ([team.pk for team in teams], user.hidden_teams)
    return f"today:{user.pk}:{whose}:{hidden}:{firsts[0].isoformat()}".replace(" ", "")


def _asked(user, at, *, teams, show_all):
    return {
        **commitments.parameters(user, at),
        **win_backs.parameters(user, at, teams=teams),
        "user": user.pk,
        "open": [*watches.OPEN],
        "looked_at": today_calls.LOOKED_AT_ALL if show_all else today_calls.LOOKED_AT,
    }
