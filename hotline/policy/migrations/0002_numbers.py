"""Running numbers that nobody waits for: a sequence, and where each period begins on it.

A counter row that every registration updates would hold its lock until the registering transaction ends, and so let
one appeal in at a time. A sequence gives numbers without waiting; the first number of a period notes where it began.
Whoever comes while that first one is not yet committed waits for it, once a day.
"""

from django.db import migrations

FORWARDS = """
CREATE SEQUENCE policy_number;
CREATE FUNCTION policy_next_number(of_authority bigint, of_period text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    begin_at bigint;
BEGIN
    SELECT value INTO begin_at FROM policy_counter WHERE authority_id = of_authority AND name = of_period;
    IF NOT FOUND THEN
        INSERT INTO policy_counter (authority_id, name, value)
        VALUES (of_authority, of_period, nextval('policy_number')) ON CONFLICT DO NOTHING;
        SELECT value INTO STRICT begin_at FROM policy_counter WHERE authority_id = of_authority AND name = of_period;
    END IF;
    RETURN nextval('policy_number') - begin_at;
END
$$;
"""
BACKWARDS = "DROP FUNCTION policy_next_number(bigint, text); DROP SEQUENCE policy_number;"


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
