"""Finding a customer by whatever the caller says: a name, a number, an address.

Trigram indexes answer first and in a fenced step (a materialised CTE); left to itself the
planner walks the name index instead and reads most of the table.
"""

import re

from django.db import connection, transaction

from apps.core.text import digits, fold

# Beyond this many hits nobody reads on; the page says "500+".
CAP = 500
# Up to here a word has no trigram of its own, so only beginnings of names are looked at.
SHORT = 2
MOST_WORDS = 5
# How alike a misspelt name must be, from 0 to 1. Looking for rough likeness reads four times
# as much, so close likeness is tried first.
CLOSE, ROUGH = 0.6, 0.4

_SCORE = """
SELECT a.id
FROM hits JOIN accounts_account a USING (id)
ORDER BY (a.name_key = %(text)s OR lower(a.reference) = %(text)s) DESC,
         (a.name_key LIKE %(prefix)s) DESC,
         word_similarity(%(text)s, a.search_key) DESC,
         a.name_key, a.id
LIMIT %(cap)s
"""

_SHORT = """
SELECT id FROM accounts_account
WHERE name_key LIKE %(prefix)s ORDER BY name_key, id LIMIT %(cap)s
"""

_WORD = """
(SELECT id FROM accounts_account WHERE search_key LIKE %(word{n})s
 UNION
 SELECT account_id FROM accounts_contact WHERE search_key LIKE %(word{n})s)
"""

# Names that begin with it are never crowded out by those that merely contain it.
_CONTAINING = """
WITH beginning AS MATERIALIZED (
    SELECT id FROM accounts_account WHERE name_key LIKE %(prefix)s ORDER BY name_key LIMIT 100
), containing AS MATERIALIZED (
    {words} LIMIT %(cap)s
), hits AS MATERIALIZED (
    SELECT id FROM beginning UNION SELECT id FROM containing
)
{score}
"""

_SIMILAR = """
WITH hits AS MATERIALIZED (
    SELECT id, max(score) AS score FROM (
        SELECT id, word_similarity(%(text)s, search_key) AS score
        FROM accounts_account WHERE %(text)s <%% search_key
        UNION ALL
        SELECT account_id, word_similarity(%(text)s, search_key)
        FROM accounts_contact WHERE %(text)s <%% search_key
    ) AS found GROUP BY id
)
SELECT a.id FROM hits JOIN accounts_account a USING (id)
ORDER BY score DESC, a.name_key, a.id LIMIT %(cap)s
"""


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
    # As one phrase first: whole names are what people mostly type, and it is the cheapest.
    for parts in [[" ".join(words)], words] if len(words) > 1 else [words]:
        if found := _containing(parts, folded, cap):
            return found
    return _similar(folded, cap)


def _containing(words, folded, cap):
    """Customers in whose names, numbers and addresses each of the words occurs."""
    parameters = {f"word{n}": _like(word) for n, word in enumerate(words)}
    parameters |= {"text": folded, "prefix": _like(folded, before=""), "cap": cap}
    clause = " INTERSECT ".join(_WORD.format(n=n) for n in range(len(words)))
    return _ids(_CONTAINING.format(words=clause, score=_SCORE), **parameters)


def _similar(folded, cap):
    """Customers that are spelt like it: closely, and if there are none, roughly."""
    for likeness in (CLOSE, ROUGH):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [likeness])
            found = _ids(_SIMILAR, text=folded, cap=cap)
        if found:
            return found
    return []


def _words(folded):
    """Split into words; a phone number, however it is spaced, is one word."""
    if re.fullmatch(r"[+()\d\s./-]+", folded) and len(digits(folded)) > SHORT:
        # Stored numbers begin with the country; a national one begins with a zero instead.
        return [digits(folded).lstrip("0") or "0"]
    return folded.split()[:MOST_WORDS]


def _like(word, before="%"):
    escaped = re.sub(r"([\\%_])", r"\\\1", word)
    return f"{before}{escaped}%"


def _ids(sql, **parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]
