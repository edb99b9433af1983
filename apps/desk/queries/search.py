"""Finding a customer by whatever the caller says: a name, a number, an address.

Trigram indexes answer first and in a fenced step (a materialised CTE); left to itself the
planner walks the name index instead and reads most of the table.
"""

import re
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from apps.core.sql import planned
from apps.core.text import digits, fold

# Beyond this many hits nobody reads on; the page says "200+".
CAP = 200
# Up to here a word has no trigram of its own, so only beginnings of names are looked at.
SHORT = 2
MOST_WORDS = 5
# How alike a misspelt name should be, from 0 to 1. Where none is, the server's threshold for
# the operator <% counts, which the settings lower for every connection.
CLOSE = 0.6

# A record that was merged into another one stands for it: its name still finds the customer.
_IS_THERE = """
    found.removed_at IS NULL AND NOT EXISTS (
        SELECT FROM accounts_account AS kept
        WHERE kept.id = found.merged_into_id AND kept.removed_at IS NOT NULL
    )
"""
_ID = "coalesce(merged_into_id, id)"

_SHORT = f"""
SELECT {_ID}{{more}} FROM accounts_account AS found
WHERE name_key LIKE %(prefix)s AND {_IS_THERE}
"""  # noqa: S608  ours
_BY_NAME = "ORDER BY name_key, id"

# Names that begin with it are never crowded out by those that merely contain it, and people
# are not looked at where there are enough names.
_FIRST_CONTAINING = """
WITH containing AS MATERIALIZED (
    SELECT id FROM accounts_account WHERE {words} AND name_key NOT LIKE %(prefix)s
), named AS MATERIALIZED (
    (SELECT id FROM accounts_account WHERE name_key LIKE %(prefix)s ORDER BY name_key LIMIT %(cap)s)
    UNION ALL SELECT id FROM containing LIMIT %(cap)s
), people AS MATERIALIZED (
    SELECT account_id FROM accounts_contact WHERE {words} AND removed_at IS NULL
), hits AS MATERIALIZED (
    SELECT id FROM named UNION ALL
    (SELECT account_id FROM people WHERE (SELECT count(*) FROM named) < %(cap)s LIMIT 3 * %(cap)s)
)
"""
# Some were left out: names and all people, or people.
_CONTAINING_CUT = """
(SELECT count(*) FROM named) >= %(cap)s
OR (SELECT count(*) FROM hits) >= (SELECT count(*) FROM named) + 3 * %(cap)s
"""
_CONTAINING = """
WITH hits AS MATERIALIZED (
    SELECT id FROM accounts_account WHERE {words}
    UNION SELECT account_id FROM accounts_contact WHERE {words} AND removed_at IS NULL
)
"""

_FIRST_ACROSS = "WITH hits AS MATERIALIZED ({words} LIMIT %(cap)s)"
_ACROSS_CUT = "(SELECT count(*) FROM hits) >= %(cap)s"
_ACROSS = "WITH hits AS MATERIALIZED ({words})"
_WORD = """
(SELECT coalesce(merged_into_id, id) AS id FROM accounts_account
 WHERE search_key LIKE %(word{n})s
 UNION
 SELECT account_id FROM accounts_contact
 WHERE search_key LIKE %(word{n})s AND removed_at IS NULL)
"""

# Fetched before they are put in order: left to itself the planner orders all customers first.
_FOUND = f""", found AS MATERIALIZED (
    SELECT found.id, merged_into_id, name_key, reference, search_key
    FROM (SELECT DISTINCT id FROM hits) AS hit JOIN accounts_account AS found USING (id)
    WHERE {_IS_THERE}
)
SELECT {_ID}{{more}} FROM found WHERE true
"""  # noqa: S608  ours
# Whole words before parts of words: as good as counting trigrams, and ten times as fast.
_BY_SCORE = """
ORDER BY (name_key = %(text)s OR lower(reference) = %(text)s) DESC,
         (name_key LIKE %(prefix)s) DESC,
         (' ' || search_key || ' ' LIKE %(whole)s) DESC,
         (' ' || search_key LIKE %(start)s) DESC,
         name_key, id
"""

_ALIKE = f"""
WITH hits AS MATERIALIZED (
    SELECT {{id}} AS id, max(word_similarity(%(text)s, search_key)) AS score
    FROM {{table}} WHERE {{words}} AND removed_at IS NULL GROUP BY 1
)
SELECT {_ID}{{more}} FROM hits JOIN accounts_account AS found USING (id)
WHERE (score >= %(close)s OR (SELECT max(score) FROM hits) < %(close)s) AND {_IS_THERE}
"""  # noqa: S608  ours
_BY_LIKENESS = "ORDER BY score DESC, name_key, id"
_SOURCES = [("accounts_account", "id"), ("accounts_contact", "account_id")]


@dataclass(frozen=True)
class Hits:
    """What a search finds: the best of them, and the question for all.

    Args:
        ids: of the best, best first.
        is_cut: there may be more than these.
        statement: selects all, the same customer perhaps twice, and `{more}`; ends in a condition.
        order: puts them in order, best first.
        parameters: of both.
    """

    ids: list
    is_cut: bool = False
    statement: str = ""
    order: str = ""
    parameters: dict | None = None

    def narrow(self, accounts):
        """Narrow a queryset of accounts to all hits, however many there are."""
        if not self.is_cut:
            return among(accounts, self.ids)
        statement, parameters = self._in_a_row(self.statement)
        asked = RawSQL(  # noqa: S611  ours
            f'"accounts_account"."id" IN ({statement})', parameters, output_field=BooleanField()
        )
        return accounts.filter(asked)

    def best(self, accounts):
        """Return the ids of the best that a queryset of accounts holds, best first."""
        there = set(among(accounts, self.ids).values_list("pk", flat=True))
        return [pk for pk in self.ids if pk in there]

    def in_order(self, accounts, most=None):
        """Return the ids of all hits that a queryset of accounts holds, best first.

        Args:
            accounts: a queryset.
            most: how many ids at most.
        """
        if not self.is_cut:
            return self.best(accounts)
        try:
            within, asked = accounts.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:  # the question contradicts itself
            return []
        statement, parameters = self._in_a_row(self.statement)
        order, more = self._in_a_row(self.order)
        with connection.cursor() as cursor:
            cursor.execute(
                f"{statement} AND {_ID} IN ({within}) {order} LIMIT %s",
                [*parameters, *asked, *more, most],
            )
            return list(dict.fromkeys(pk for (pk,) in cursor))

    def _in_a_row(self, text):
        """SQL with its parameters in a row, as Django has them."""
        names = re.findall(r"%\((\w+)\)s", text)
        text = re.sub(r"%\(\w+\)s", "%s", text)
        return text.format(more=""), [self.parameters[name] for name in names]


def find(text, cap=None):
    """Return ids of accounts that match what somebody typed, best first.

    Args:
        text: as typed.
        cap: how many ids at most.
    """
    return look(text, cap).ids


def look(text, cap=None):
    """Search for what somebody typed.

    Every word must occur in the account's name or reference, or in one of its contacts'
    names, addresses or numbers. Only when nothing does, spelling is forgiven.

    Args:
        text: as typed.
        cap: how many ids at most.
    """
    cap = cap or CAP
    folded = " ".join(fold(text).split())
    if not folded:
        return Hits([])
    if len(folded) <= SHORT:
        parameters = {"prefix": _like(folded, before=""), "cap": cap}
        return _hits(_SHORT, _SHORT, _BY_NAME, parameters) or Hits([])
    words = _words(folded)
    return _containing(words, folded, cap) or _similar(words, folded, cap) or Hits([])


def among(accounts, ids):
    """Narrow a queryset of accounts to these ids: as one array, not as hundreds of values."""
    asked = RawSQL('"accounts_account"."id" = ANY(%s)', [ids], output_field=BooleanField())
    return accounts.filter(asked)


def _containing(words, folded, cap):
    """Customers in whose names, numbers and addresses each of the words occurs."""
    parameters = {f"word{n}": _like(word) for n, word in enumerate(words)}
    parameters |= {
        "text": folded,
        "prefix": _like(folded, before=""),
        "whole": _like(folded, before="% ", after=" %"),
        "start": _like(folded, before="% "),
        "cap": cap,
    }
    together = " AND ".join(f"search_key LIKE %(word{n})s" for n in range(len(words)))
    fill = partial(str.format, words=together, more="{more}")
    statements = [fill(each + _FOUND) for each in (_FIRST_CONTAINING, _CONTAINING)]
    found = _hits(*statements, _BY_SCORE, parameters, is_cut=_CONTAINING_CUT)
    if found or len(words) == 1:
        return found
    # One word from the customer's name, perhaps, and one from somebody's who works there.
    across = " INTERSECT ".join(_WORD.format(n=n) for n in range(len(words)))
    fill = partial(str.format, words=across, more="{more}")
    statements = [fill(each + _FOUND) for each in (_FIRST_ACROSS, _ACROSS)]
    return _hits(*statements, _BY_SCORE, parameters, planned(), is_cut=_ACROSS_CUT)


def _similar(words, folded, cap):
    """Customers that are spelt like it: in every word, and if there are none, on the whole."""
    parameters = {f"word{n}": word for n, word in enumerate(words)}
    parameters |= {"text": folded, "close": CLOSE, "cap": cap}
    each = " AND ".join(f"%(word{n})s <%% search_key" for n in range(len(words)))
    for asked in dict.fromkeys([each, "%(text)s <%% search_key"]):
        for table, pk in _SOURCES:
            statement = _ALIKE.format(table=table, id=pk, words=asked, more="{more}")
            # Weighing what so many words have in common takes longer than looking them up.
            found = _hits(statement, statement, _BY_LIKENESS, parameters, planned())
            if found:
                return found
    return None


def _words(folded):
    """Split into words; a phone number, however it is spaced, is one word."""
    if re.fullmatch(r"[+()\d\s./-]+", folded) and len(digits(folded)) > SHORT:
        # Stored numbers begin with the country; a national one begins with a zero instead.
        return [digits(folded).lstrip("0") or "0"]
    return folded.split()[:MOST_WORDS]


def _like(word, before="%", after="%"):
    escaped = re.sub(r"([\\%_])", r"\\\1", word)
    return f"{before}{escaped}{after}"


def _hits(first, everybody, order, parameters, cursor=None, *, is_cut="false"):
    """Ask for the best of them; None when there is nobody.

    Args:
        first: the statement that looks no further than it must for a few.
        everybody: the one that finds all.
        order: of both.
        parameters: of both.
        cursor: where the statement is planned once.
        is_cut: whether the first one left some out, in SQL.
    """
    statement = first.format(more=f", {is_cut}")
    with cursor or connection.cursor() as cursor:
        cursor.execute(f"{statement} {order} LIMIT %(cap)s", parameters)
        rows = cursor.fetchall()
    # Once, though the name of a record that was merged into it fits as well.
    ids = list(dict.fromkeys(pk for pk, _is_cut in rows))
    is_cut = len(rows) >= parameters["cap"] or any(cut for _pk, cut in rows[:1])
    return Hits(ids, is_cut, everybody, order, parameters) if ids else None
