"""What the page of one call shows beside the call itself."""

from apps.saves.models import SaveCase


def chain(case):
    """Return the calls of the same attempt to leave, the first one first; none for a lone call."""
    found = SaveCase.objects.raw(_CHAIN, {"case": case.pk})
    calls = list(found.prefetch_related("agent"))
    return calls if len(calls) > 1 else []


# Both ways along the links; each call continues one, and is continued by one, at most.
_CHAIN = """
WITH RECURSIVE chain AS (
    SELECT id, continues_id FROM saves_savecase WHERE id = %(case)s
    UNION
    SELECT call.id, call.continues_id
    FROM chain JOIN saves_savecase AS call
        ON call.id = chain.continues_id OR call.continues_id = chain.id
)
SELECT * FROM saves_savecase WHERE id IN (SELECT id FROM chain) ORDER BY opened_at, id
"""
