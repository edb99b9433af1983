"""Finding a customer by whatever the caller says: a name, a number, an address.

Trigram indexes answer first and in a fenced step (a materialised CTE); left to itself the
planner walks the name index instead and reads most of the table.
"""

import re

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
_SHORT = f"""
SELECT coalesce(merged_into_id, id) FROM accounts_account AS found
WHERE name_key LIKE %(prefix)s AND {_IS_THERE} ORDER BY name_key, id LIMIT %(cap)s
"""  # noqa: S608  ours

# Names that begin with it are never crowded out by those that merely contain it, and people
# are not looked at where there are enough names.
_CONTAINING = """
WITH containing AS MATERIALIZED (
    SELECT id FROM accounts_account WHERE {words} AND name_key NOT LIKE %(prefix)s
), named AS MATERIALIZED (
    (SELECT id FROM accounts_account WHERE name_key LIKE %(prefix)s ORDER BY name_key LIMIT 100)
    UNION ALL SELECT id FROM containing LIMIT %(cap)s
), people AS MATERIALIZED (
    SELECT account_id FROM accounts_contact WHERE {words} AND removed_at IS NULL
), hits AS MATERIALIZED (
    SELECT id FROM named UNION ALL
    (SELECT account_id FROM people WHERE (SELECT count(*) FROM named) < %(cap)s LIMIT 3 * %(cap)s)
)
{score}
"""

_ACROSS = """
WITH hits AS MATERIALIZED ({words} LIMIT %(cap)s)
{score}
"""
_WORD = """
(SELECT coalesce(merged_into_id, id) AS id FROM accounts_account
 WHERE search_key LIKE %(word{n})s
 UNION
 SELECT account_id FROM accounts_contact
 WHERE search_key LIKE %(word{n})s AND removed_at IS NULL)
"""

# Whole words before parts of words: as good as counting trigrams, and ten times as fast.
# Fetched before they are put in order: left to itself the planner orders all customers first.
_SCORE = f""", found AS MATERIALIZED (
    SELECT found.id, merged_into_id, name_key, reference, search_key
    FROM (SELECT DISTINCT id FROM hits) AS hit JOIN accounts_account AS found USING (id)
    WHERE {_IS_THERE}
)
SELECT coalesce(merged_into_id, id) FROM found
ORDER BY (name_key = %(text)s OR lower(reference) = %(text)s) DESC,
         (name_key LIKE %(prefix)s) DESC,
         (' ' || search_key || ' ' LIKE %(whole)s) DESC,
         (' ' || search_key LIKE %(start)s) DESC,
         name_key, id
LIMIT %(cap)s
"""  # noqa: S608  ours

_ALIKE = f"""
WITH hits AS MATERIALIZED (
    SELECT {{id}} AS id, max(word_similarity(%(text)s, search_key)) AS score
    FROM {{table}} WHERE {{words}} AND removed_at IS NULL GROUP BY 1
)
SELECT coalesce(merged_into_id, id) FROM hits JOIN accounts_account AS found USING (id)
WHERE (score >= %(close)s OR (SELECT max(score) FROM hits) < %(close)s) AND {_IS_THERE}
ORDER BY score DESC, name_key, id LIMIT %(cap)s
"""  # noqa: S608  ours
_SOURCES = [("accounts_account", "id"), ("accounts_contact", "account_id")]


def find(text, cap=CAP):
    """Return ids of accounts that match what somebody typed, best first.

    Every word must occur in the account's name or reference, or in one of its contacts'
    names, addresses or numbers. Only when nothing does, spelling is forgiven.

    Args:
        text: as typed.
        cap: how many ids at most.
    """
    folded = " ".join(fold(text.replace("\0", "")).split())
    if not folded:
        return []
    if len(folded) <= SHORT:
        return _ids(_SHORT, prefix=_like(folded, before=""), cap=cap)
    words = _words(folded)
    return _containing(words, folded, cap) or _similar(words, folded, cap)


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
    found = _ids(_CONTAINING.format(words=together, score=_SCORE), **parameters)
    if found or len(words) == 1:
        return found
    # One word from the customer's name, perhaps, and one from somebody's who works there.
    across = " INTERSECT ".join(_WORD.format(n=n) for n in range(len(words)))
    return _ids(_ACROSS.format(words=across, score=_SCORE), planned(), **parameters)


def _similar(words, folded, cap):
    """Customers that are spelt like it: in every word, and if there are none, on the whole."""
    parameters = {f"word{n}": word for n, word in enumerate(words)}
    parameters |= {"text": folded, "close": CLOSE, "cap": cap}
    each = " AND ".join(f"%(word{n})s <%% search_key" for n in range(len(words)))
    for asked in dict.fromkeys([each, "%(text)s <%% search_key"]):
        for table, pk in _SOURCES:
            statement = _ALIKE.format(table=table, id=pk, words=asked)
            # Weighing what so many words have in common takes longer than looking them up.
            if found := _ids(statement, planned(), **parameters):
                return found
    return []


def _words(folded):
    """Split into words; a phone number, however it is spaced, is one word."""
    if re.fullmatch(r"[+()\d\s./-]+", folded) and len(digits(folded)) > SHORT:
        # Stored numbers begin with the country; a national one begins with a zero instead.
        return [digits(folded).lstrip("0") or "0"]
    return folded.split()[:MOST_WORDS]


def _like(word, before="%", after="%"):
    escaped = re.sub(r"([\\%_])", r"\\\1", word)
    return f"{before}{escaped}{after}"


def _ids(sql, cursor=None, **parameters):
    with cursor or connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        # Once, though the name of a record that was merged into it fits as well.
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))
