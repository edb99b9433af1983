"""What the page of one call shows beside the call itself."""

from django.db import connection

from apps.saves.models import SaveCase


def chain(case):
    """Return the calls of the same attempt to leave, the first one first; none for a lone call."""
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, [case.pk])
        found = [pk for (pk,) in cursor.fetchall()]
    if found == [case.pk]:
        return []
    return SaveCase.objects.filter(pk__in=found).select_related("agent").order_by("opened_at", "id")


# Both ways along the links; each call continues one, and is continued by one, at most.
_CHAIN = """
WITH RECURSIVE chain AS (
    SELECT id, continues_id FROM saves_savecase WHERE id = %s
    UNION
    SELECT call.id, call.continues_id
    FROM chain JOIN saves_savecase AS call
        ON call.id = chain.continues_id OR call.continues_id = chain.id
)
SELECT id FROM chain
"""
