"""The statements of a batch that decide: where rows wait, and what becomes of them.

A row's values go over the stored ones, these over the defaults; then comes what follows.
"""

from psycopg import sql

from apps.core.templatetags.mainstay import MINUS, SYMBOLS

# What a row may carry, and the type in which it waits. A guess fills a day nobody knows yet.
COLUMNS = {
    "line": "integer",
    "reference": "text",
    "name": "text",
    "about": "text",
    "started_on": "date",
    "started_guess": "date",
    "renews_on": "date",
    "churned_on": "date",
    "churned_guess": "date",
    "stage": "text",
    "mrr": "numeric(12, 2)",
    "currency": "text",
    "plan": "text",
    "industry": "text",
    "time_zone": "text",
    "owner_id": "bigint",
    "team_id": "bigint",
    "contact_name": "text",
    "contact_title": "text",
    "contact_email": "text",
    "contact_email_key": "text",
    "contact_phone": "text",
    "contact_channel": "text",
    "contact_language": "text",
}


def _any_differs(names):
    """Whether any field differs: asked first, since most rows of most files change nothing."""
    return sql.SQL(" OR ").join(
        sql.SQL("(old).{field} IS DISTINCT FROM {field}").format(field=sql.Identifier(name))
        for name in names
    )


def _differences(names):
    """Pairs for jsonb_build_object(): a field, and [before, after] where they differ."""
    return sql.SQL(", ").join(
        sql.SQL(
            "{name}, CASE WHEN (old).{field} IS DISTINCT FROM {field}"
            " THEN jsonb_build_array({before}, {after}) END"
        ).format(
            name=sql.Literal(name),
            field=sql.Identifier(name),
            before=_shown(name, "(old).{}"),
            after=_shown(name, "{}"),
        )
        for name in names
    )


def _shown(name, of):
    """A field as the history shows it, the same as when a person edits it."""
    value = sql.SQL(of).format(sql.Identifier(name))
    if name != "mrr":
        return sql.SQL("COALESCE({}::text, '')").format(value)
    return money_shown(value, sql.SQL(of).format(sql.Identifier("currency")))


def money_shown(value, currency):
    """An amount as people read it, the same as the filter `money` says it.

    Args:
        value: expression of a number.
        currency: expression of three letters.
    """
    symbols = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(code), sql.Literal(symbol))
        for code, symbol in SYMBOLS.items()
    )
    return sql.SQL(
        "CASE WHEN {value} < 0 THEN {minus} ELSE '' END"
        " || CASE {currency} {symbols} ELSE {currency} || chr(160) END"
        " || regexp_replace(to_char(abs({value}), 'FM9,999,999,990.00'), '[.]00$', '')"
    ).format(currency=currency, symbols=symbols, value=value, minus=sql.Literal(MINUS))


COMPARED = (
    *("name", "about", "started_on", "renews_on", "mrr", "currency"),
    *("plan", "industry", "time_zone"),
)

_PLAN = sql.SQL("""
CREATE TEMP TABLE accounts_plan ON COMMIT DROP AS
WITH merged AS MATERIALIZED (  -- else the stored row would be put together for each use of it
    SELECT s.line, s.reference, a AS old, a.id IS NULL AS is_new, s.stage AS wanted_stage,
        COALESCE(s.name, a.name) AS name,
        COALESCE(s.about, a.about, '') AS about,
        COALESCE(s.started_on, a.started_on, s.started_guess) AS started_on,
        COALESCE(s.renews_on, a.renews_on) AS renews_on,
        COALESCE(s.churned_on, a.churned_on, s.churned_guess) AS churned_on,
        COALESCE(s.mrr, a.mrr, 0) AS mrr,
        COALESCE(s.currency, a.currency, %(currency)s) AS currency,
        COALESCE(s.plan, a.plan, '') AS plan,
        COALESCE(s.industry, a.industry, '') AS industry,
        COALESCE(s.time_zone, a.time_zone, 'UTC') AS time_zone,
        COALESCE(s.owner_id, a.owner_id) AS owner_id,
        COALESCE(s.team_id, a.team_id) AS team_id,
        {custom} AS custom,
        a.xmin AS seen
    FROM accounts_batch s LEFT JOIN accounts_account a ON a.reference = s.reference
), decided AS MATERIALIZED (
    SELECT m.*,
        CASE
            WHEN (old).is_tier_set_by_hand OR (m.mrr = (old).mrr AND m.currency = (old).currency)
                THEN (old).tier
            WHEN m.mrr >= t.high_from THEN 'high'
            WHEN m.mrr >= t.mid_from THEN 'mid'
            ELSE 'standard'
        END AS tier,
        CASE
            WHEN m.wanted_stage IS NOT NULL THEN m.wanted_stage
            WHEN m.churned_on IS DISTINCT FROM (old).churned_on AND m.churned_on <= today
                THEN 'churn'
            WHEN NOT m.is_new THEN (old).stage
            WHEN m.started_on <= today THEN 'retention'
            ELSE 'lead'
        END AS stage,
        m.churned_on IS DISTINCT FROM (old).churned_on AS is_churn
    FROM merged m
        LEFT JOIN accounts_tierthreshold t ON t.currency = m.currency
        CROSS JOIN LATERAL (
            SELECT (%(at)s::timestamptz AT TIME ZONE m.time_zone)::date AS today
        ) AS calendar
), compared AS MATERIALIZED (
    SELECT d.*,
        CASE WHEN NOT is_new AND (
            {any} OR (old).team_id IS DISTINCT FROM team_id OR {custom_differs}
        ) THEN jsonb_strip_nulls(jsonb_build_object(
            {each},
            'team', CASE WHEN (old).team_id IS DISTINCT FROM team_id THEN jsonb_build_array(
                COALESCE((SELECT name FROM users_team WHERE id = (old).team_id), ''),
                (SELECT name FROM users_team WHERE id = d.team_id)) END
        )) || {custom_changes} ELSE '{{}}' END AS changes
    FROM decided d
)
SELECT line, reference, (old).id AS account_id, (old).timeline_id, seen, changes, is_changed,
    name, about, started_on, renews_on, churned_on, mrr, currency, plan, industry, time_zone,
    owner_id, team_id, custom, tier, stage, is_churn,
    (old).owner_id AS old_owner_id, (old).tier AS old_tier, (old).stage AS old_stage,
    (old).merged_into_id AS kept_id, (old).removed_at IS NOT NULL AS is_removed,
    CASE
        WHEN (old).merged_into_id IS NOT NULL OR (old).removed_at IS NOT NULL THEN 'error'
        WHEN name IS NULL OR (churned_on IS NOT NULL AND (churned_on >= started_on) IS NOT TRUE)
            THEN 'error'
        WHEN is_new THEN 'create'
        WHEN is_changed THEN 'update'
        ELSE 'unchanged'
    END AS verdict
FROM compared CROSS JOIN LATERAL (
    SELECT NOT is_new AND (
        changes <> '{{}}' OR is_churn OR owner_id IS DISTINCT FROM (old).owner_id
        OR tier <> (old).tier OR stage <> (old).stage
    ) AS is_changed
) AS difference
""")


def plan(**custom):
    """Return the statement that decides; the arguments are those of `batch_custom.parts()`."""
    return _PLAN.format(any=_any_differs(COMPARED), each=_differences(COMPARED), **custom)


# The contact of a row is found among its customer's by address, then number, then name.
CONTACT_COMPARED = ("name", "title", "email", "phone", "preferred_channel", "language")

PLAN_CONTACTS = sql.SQL("""
CREATE TEMP TABLE accounts_contact_plan ON COMMIT DROP AS
WITH merged AS (
    SELECT p.line, p.account_id, c AS old, c.xmin AS seen, c.id IS NULL AS is_new,
        COALESCE(s.contact_name, c.name, left(s.contact_email, 120), s.contact_phone) AS name,
        COALESCE(s.contact_title, c.title, '') AS title,
        COALESCE(s.contact_email, c.email, '') AS email,
        COALESCE(s.contact_phone, c.phone, '') AS phone,
        COALESCE(s.contact_channel, c.preferred_channel, 'phone') AS preferred_channel,
        COALESCE(s.contact_language, c.language, 'en') AS language,
        s.contact_email_key AS email_key,
        s.contact_phone AS phone_key,
        NOT EXISTS (
            SELECT FROM accounts_contact o WHERE o.account_id = p.account_id AND o.is_primary
        ) AS is_first
    FROM accounts_batch s
        JOIN accounts_plan p USING (line)
        LEFT JOIN LATERAL (
            SELECT o.id
            FROM accounts_contact o
            WHERE o.account_id = p.account_id
                AND (lower(o.email) = lower(s.contact_email) OR o.phone = s.contact_phone
                    OR fold(o.name) = fold(s.contact_name))
            ORDER BY o.removed_at IS NOT NULL, (lower(o.email) = lower(s.contact_email)) IS NOT TRUE,
                (o.phone = s.contact_phone) IS NOT TRUE, o.id
            LIMIT 1
        ) AS found ON true
        LEFT JOIN accounts_contact c ON c.id = found.id
    WHERE p.verdict <> 'error'
        AND c.removed_at IS NULL  -- whoever was removed stays so, whatever a file says
        AND COALESCE(s.contact_name, s.contact_email, s.contact_phone) IS NOT NULL
), compared AS MATERIALIZED (
    SELECT m.*,
        CASE WHEN NOT is_new AND ({any}) THEN jsonb_strip_nulls(jsonb_build_object({each}))
            ELSE '{{}}' END AS changes
    FROM merged m
)
SELECT line, account_id, (old).id AS contact_id, seen, is_new, changes,
    changes <> '{{}}' AS is_changed,
    name, title, email, phone, preferred_channel, language, email_key, phone_key,
    is_first
FROM compared
""").format(any=_any_differs(CONTACT_COMPARED), each=_differences(CONTACT_COMPARED))

MARK_CONTACTS = """
UPDATE accounts_plan p SET verdict = 'update'
FROM accounts_contact_plan c
WHERE c.line = p.line AND p.verdict = 'unchanged' AND (c.is_new OR c.is_changed)
"""

PROBLEMS = """
SELECT p.line, p.reference, p.name, p.started_on::text, p.churned_on::text,
    p.is_removed, kept.name, kept.reference
FROM accounts_plan p LEFT JOIN accounts_account kept ON kept.id = p.kept_id
WHERE p.verdict = 'error' ORDER BY p.line
"""

COUNTS = """
SELECT count(*) FILTER (WHERE verdict = 'create'), count(*) FILTER (WHERE verdict = 'update'),
    count(*) FILTER (WHERE verdict = 'unchanged'),
    count(*) FILTER (WHERE is_churn AND verdict <> 'error')
FROM accounts_plan
"""
