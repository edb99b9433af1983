"""The statements of a batch that write what was decided, and tell the history of it."""

HOLD = """
SELECT count(*) FROM (
    SELECT FROM accounts_account
    WHERE id IN (SELECT account_id FROM accounts_plan WHERE verdict = 'update')
    ORDER BY id FOR NO KEY UPDATE
) AS held
"""

HOLD_CONTACTS = """
SELECT count(*) FROM (
    SELECT FROM accounts_contact
    WHERE id IN (SELECT contact_id FROM accounts_contact_plan WHERE is_changed)
    ORDER BY id FOR NO KEY UPDATE
) AS held
"""

STALE = """
SELECT EXISTS (
    SELECT FROM accounts_plan p JOIN accounts_account a ON a.id = p.account_id
    WHERE p.verdict = 'update' AND a.xmin <> p.seen
) OR EXISTS (
    SELECT FROM accounts_contact_plan p JOIN accounts_contact c ON c.id = p.contact_id
    WHERE p.is_changed AND c.xmin <> p.seen
)
"""

NUMBER = """
UPDATE accounts_plan
SET account_id = nextval(pg_get_serial_sequence('accounts_account', 'id')),
    timeline_id = nextval(pg_get_serial_sequence('history_timeline', 'id'))
WHERE verdict = 'create'
"""

ADD_TIMELINES = """
INSERT INTO history_timeline (id)
SELECT timeline_id FROM accounts_plan WHERE verdict = 'create' ORDER BY line
"""

ADD = """
INSERT INTO accounts_account (
    id, timeline_id, reference, name, about, started_on, renews_on, churned_on, stage,
    stage_since, tier, is_tier_set_by_hand, mrr, currency, plan, industry, time_zone,
    owner_id, team_id, custom, version, created_at
)
SELECT account_id, timeline_id, reference, name, about, started_on, renews_on, churned_on, stage,
    %(at)s, tier, false, mrr, currency, plan, industry, time_zone, owner_id, team_id,
    COALESCE(custom, '{}'), 1, %(at)s
FROM accounts_plan WHERE verdict = 'create' ORDER BY line
"""

CHANGE = """
UPDATE accounts_account a
SET name = p.name, about = p.about, started_on = p.started_on, renews_on = p.renews_on,
    churned_on = p.churned_on, mrr = p.mrr, currency = p.currency, plan = p.plan,
    industry = p.industry, time_zone = p.time_zone, owner_id = p.owner_id, team_id = p.team_id,
    custom = COALESCE(p.custom, a.custom), tier = p.tier, stage = p.stage, version = a.version + 1,
    stage_since = CASE WHEN a.stage = p.stage THEN a.stage_since ELSE %(at)s END
FROM accounts_plan p
WHERE a.id = p.account_id AND p.verdict = 'update' AND p.is_changed
"""

NUMBER_CONTACTS = """
UPDATE accounts_contact_plan c
SET account_id = p.account_id,
    contact_id = nextval(pg_get_serial_sequence('accounts_contact', 'id'))
FROM accounts_plan p
WHERE p.line = c.line AND c.is_new
"""

ADD_CONTACTS = """
INSERT INTO accounts_contact (
    id, account_id, name, title, email, phone, preferred_channel, language, is_primary, created_at
)
SELECT contact_id, account_id, name, title, email, phone, preferred_channel, language,
    is_first, %(at)s
FROM accounts_contact_plan WHERE is_new ORDER BY line
"""

CHANGE_CONTACTS = """
UPDATE accounts_contact c
SET name = p.name, title = p.title, email = p.email, phone = p.phone,
    preferred_channel = p.preferred_channel, language = p.language, version = c.version + 1
FROM accounts_contact_plan p
WHERE c.id = p.contact_id AND p.is_changed
"""

# Who had a mark first keeps it; the contact is written all the same.
CLAIM = """
INSERT INTO accounts_identity (
    account_id, contact_id, kind, value, normalised, source, created_at
)
SELECT c.account_id, c.contact_id, mark.kind, mark.value, mark.normalised, %(label)s, %(at)s
FROM accounts_contact_plan c CROSS JOIN LATERAL (
    VALUES ('email', c.email, c.email_key), ('phone', c.phone, c.phone_key)
) AS mark (kind, value, normalised)
WHERE (c.is_new OR c.is_changed) AND mark.normalised IS NOT NULL AND NOT EXISTS (
    SELECT FROM accounts_blockedidentity b
    WHERE b.kind = mark.kind AND b.normalised = mark.normalised
)
ORDER BY c.line
ON CONFLICT (kind, normalised) DO NOTHING
"""

WRITES = [
    *(CHANGE, CHANGE_CONTACTS),
    *(NUMBER, ADD_TIMELINES, ADD, NUMBER_CONTACTS, ADD_CONTACTS, CLAIM),
]

# --- Telling ------------------------------------------------------------------
# Kind, fields of its payload, rows. The contact of a new customer came with the customer.

EVENTS = [
    (
        "accounts.created",
        ["source"],
        """
        SELECT timeline_id, %(at)s::timestamptz AS happened_at, %(source)s AS source
        FROM accounts_plan WHERE verdict = 'create'
        """,
    ),
    (
        "accounts.changed",
        ["changes", "source"],
        """
        SELECT timeline_id, %(at)s::timestamptz AS happened_at, changes, %(source)s AS source
        FROM accounts_plan WHERE verdict = 'update' AND changes <> '{}'
        """,
    ),
    (
        "accounts.owner_changed",
        ["before", "after"],
        """
        SELECT p.timeline_id, %(at)s::timestamptz AS happened_at,
            COALESCE(b.name, '') AS before, a.name AS after
        FROM accounts_plan p
            JOIN users_user a ON a.id = p.owner_id
            LEFT JOIN users_user b ON b.id = p.old_owner_id
        WHERE p.verdict = 'update' AND p.owner_id IS DISTINCT FROM p.old_owner_id
        """,
    ),
    (
        "accounts.tier_changed",
        ["before", "after"],
        """
        SELECT timeline_id, %(at)s::timestamptz AS happened_at, old_tier AS before, tier AS after
        FROM accounts_plan WHERE verdict = 'update' AND tier <> old_tier
        """,
    ),
    (
        # On the day itself, when that is past, so that the history reads in the right order.
        "accounts.churned",
        ["on", "source"],
        """
        SELECT timeline_id, churned_on::text AS "on", %(source)s AS source,
            LEAST(%(at)s, churned_on::timestamp AT TIME ZONE time_zone) AS happened_at
        FROM accounts_plan WHERE is_churn AND verdict <> 'error'
        """,
    ),
    (
        "accounts.stage_changed",
        ["before", "after", "source"],
        """
        SELECT timeline_id, %(at)s::timestamptz AS happened_at, old_stage AS before,
            stage AS after, %(source)s AS source
        FROM accounts_plan WHERE verdict = 'update' AND stage <> old_stage
        """,
    ),
    (
        "accounts.contact_added",
        ["name", "source"],
        """
        SELECT p.timeline_id, %(at)s::timestamptz AS happened_at, c.name, %(source)s AS source
        FROM accounts_contact_plan c JOIN accounts_plan p USING (line)
        WHERE c.is_new AND p.verdict = 'update'
        """,
    ),
    (
        "accounts.contact_changed",
        ["name", "changes", "source"],
        """
        SELECT p.timeline_id, %(at)s::timestamptz AS happened_at, c.name, c.changes,
            %(source)s AS source
        FROM accounts_contact_plan c JOIN accounts_plan p USING (line)
        WHERE c.is_changed
        """,
    ),
]
