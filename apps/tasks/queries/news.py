"""What has come to My queue since a page was made that stays open."""

# An address holds no more; a page of more rows is not kept up to date.
MOST = 300


def seen(queue):
    """Return what a page shows, as it sends it back; "" where that is too much.

    Args:
        queue: from `mine.my_queue()`.
    """
    keys = _keys(queue)
    return ".".join(["0", *keys]) if len(keys) <= MOST else ""


def new_since(queue, seen):
    """Count what a queue shows now that a page did not.

    Args:
        queue: as it is now.
        seen: of that page; one that is damaged has seen everything.
    """
    known = set(seen.split("."))
    return len(set(_keys(queue)) - known) if "0" in known else 0


def _keys(queue):
    """Return a key for each row, and for each hand-off that waits for an answer."""
    groups = [*queue.groups, *filter(None, [queue.put_off])]
    rows = [str(row.pk) for group in groups for row in group.rows]
    return [*rows, *(f"h{handoff.pk}" for handoff in queue.to_answer)]
