from django.db import migrations

# Saves from before there were watches. Where they stand by now the worker finds out: what has
# passed day 30 is due at once. One statement, and one that may be run again.
BEGIN = """
INSERT INTO saves_watch (case_id, account_id, rung, saved_on, day, why, next_on, is_last, changed_at)
SELECT id, root, 'deflected', saved_on, 0, '', saved_on + 30,
    row_number() OVER (PARTITION BY root ORDER BY opened_at DESC, id DESC) = 1, closed_at
FROM (
    SELECT call.*, root.id AS root, (opened_at AT TIME ZONE root.time_zone)::date AS saved_on
    FROM saves_savecase AS call
    JOIN accounts_account AS own ON own.id = call.account_id
    JOIN accounts_account AS root ON root.id = COALESCE(own.merged_into_id, own.id)
    WHERE outcome = 'stayed'
        AND NOT EXISTS (SELECT FROM saves_savecase AS next WHERE next.continues_id = call.id)
) AS save
ON CONFLICT (case_id) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("saves", "0006_watch_last_and_heard")]

    operations = [migrations.RunSQL(BEGIN, migrations.RunSQL.noop)]
