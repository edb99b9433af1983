from django.db import migrations

# What was said stays append-only; what became of a promise is settled, and opened again.
SAID = "id, account_id, topic, driver, text, source, said_on, due_on, recorded_at, recorded_by_id"
DROP = "DROP TRIGGER accounts_insight_append_only ON accounts_insight"
CREATE = """
CREATE TRIGGER accounts_insight_append_only BEFORE {what} ON accounts_insight
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_validate_insight_settled")]

    operations = [
        migrations.RunSQL(
            [DROP, CREATE.format(what=f"DELETE OR UPDATE OF {SAID}")],
            [DROP, CREATE.format(what="UPDATE OR DELETE")],
        ),
    ]
