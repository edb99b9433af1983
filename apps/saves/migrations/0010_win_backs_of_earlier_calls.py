from django.db import migrations

# Customers who left on a call from before there were win-backs, and are still to be left alone.
# Those whose quiet time is over already would all be due on one day: their page offers to begin
# one instead. One statement, and one that may be run again.
BEGIN = """
INSERT INTO saves_winback (
    case_id, account_id, not_before, blocker, what_changed, still_uncertain, path_to_value,
    version, changed_at, changed_by_id, ended)
SELECT id, root, leaves_on + win_back_days, reason_text, '', '', '', 1, closed_at, agent_id, ''
FROM (
    SELECT DISTINCT ON (root.id) call.*, root.id AS root, root.churned_on, reason.win_back_days
    FROM saves_savecase AS call
    JOIN reasons_reason AS reason ON reason.id = call.reason_id
    JOIN accounts_account AS own ON own.id = call.account_id
    JOIN accounts_account AS root ON root.id = COALESCE(own.merged_into_id, own.id)
    WHERE outcome <> 'undecided'
    ORDER BY root.id, opened_at DESC, call.id DESC
) AS last
WHERE outcome = 'left' AND churned_on IS NOT NULL AND leaves_on + win_back_days > CURRENT_DATE
    AND NOT EXISTS (SELECT FROM saves_winback AS other WHERE other.account_id = root)
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reasons", "0003_prompts_and_win_back"),
        ("saves", "0009_commitment_index_to_mend"),
    ]

    operations = [migrations.RunSQL(BEGIN, migrations.RunSQL.noop)]
