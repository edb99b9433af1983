"""The parts of a batch's statements that speak of custom fields.

Each field of the batch waits in a column of its own, as JSON. A batch without such fields has
none of this in its statements.
"""

from django.utils.translation import gettext as _
from psycopg import sql

from apps.accounts.actions.batch_deciding import money_shown
from apps.accounts.models import FieldKind

# PostgreSQL takes a hundred arguments in a call: two for each field, and some to spare.
AT_ONCE = 40


def columns(fields):
    """Return the staging columns of custom fields with their types."""
    return {field.name: "jsonb" for field in fields}


def parts(fields):
    """Return what `batch_deciding.plan()` needs to compare and merge custom values.

    Args:
        fields: `custom.Field`s that the batch carries.
    """
    if not fields:
        return {
            "custom": sql.SQL("NULL::jsonb"),
            "custom_differs": sql.SQL("false"),
            "custom_changes": sql.SQL("'{}'::jsonb"),
        }
    said = _objects([(field.key, sql.Identifier("s", field.name)) for field in fields])
    return {
        "custom": sql.SQL("COALESCE(a.custom, '{{}}') || {}").format(said),
        "custom_differs": sql.SQL("(old).custom IS DISTINCT FROM custom"),
        "custom_changes": _objects([(field.told, _pair(field)) for field in fields]),
    }


def _objects(pairs):
    """A JSON object of names and expressions, without those that are null."""
    return sql.SQL(" || ").join(
        sql.SQL("jsonb_strip_nulls(jsonb_build_object({}))").format(
            sql.SQL(", ").join(
                part
                for name, value in pairs[start : start + AT_ONCE]
                for part in (_text(name), value)
            )
        )
        for start in range(0, len(pairs), AT_ONCE)
    )


def _text(value):
    """A literal, safe beside the statement's own parameters."""
    return sql.Literal(value.replace("%", "%%"))


def _pair(field):
    """[before, after] as the history tells it, or null where nothing changes."""
    before, after = sql.SQL("(old).custom"), sql.SQL("d.custom")
    return sql.SQL(
        "CASE WHEN ({before} -> {key}) IS DISTINCT FROM ({after} -> {key})"
        " THEN jsonb_build_array({told_before}, {told_after}) END"
    ).format(
        before=before,
        after=after,
        key=_text(field.key),
        told_before=_told(field, before, sql.SQL("(old).currency")),
        told_after=_told(field, after, sql.SQL("d.currency")),
    )


def _told(field, values, currency):
    """A value as the history tells it, the same as when a person edits it."""
    value = sql.SQL("({} ->> {})").format(values, _text(field.key))
    if field.kind == FieldKind.YES_NO:
        shown = sql.SQL("CASE {} WHEN 'true' THEN {} WHEN 'false' THEN {} END").format(
            value, _text(_("Yes")), _text(_("No"))
        )
    elif field.kind == FieldKind.MONEY:
        shown = money_shown(sql.SQL("{}::numeric").format(value), currency)
    else:
        shown = value
    return sql.SQL("COALESCE({}, '')").format(shown)
