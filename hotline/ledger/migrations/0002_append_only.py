"""What the database itself enforces: appending in one statement, and nothing but appending."""

from django.db import migrations

# Streams are locked in one order (kind, id), so two appends never wait for each other in a circle. A definer's
# function: the role that runs the platform needs no right to change heads by itself.
APPEND = """
CREATE FUNCTION ledger_append(kinds text[], ids bigint[], tails text[], histories boolean[])
RETURNS TABLE (place integer, event_id bigint, seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    draft record;
    head_kind text;
    head_id bigint;
    head_seq bigint;
    head_hash bytea;
    body text;
    places integer[] := '{}';
    stream_kinds text[] := '{}';
    stream_ids bigint[] := '{}';
    seqs bigint[] := '{}';
    bodies text[] := '{}';
    documents jsonb[] := '{}';
    hashes bytea[] := '{}';
BEGIN
    FOR draft IN
        SELECT d.kind, d.id, d.tail, d.place::integer AS place
        FROM unnest(kinds, ids, tails) WITH ORDINALITY AS d(kind, id, tail, place)
        ORDER BY d.kind COLLATE "C", d.id, d.place
    LOOP
        IF head_kind IS DISTINCT FROM draft.kind OR head_id IS DISTINCT FROM draft.id THEN
            IF head_kind IS NOT NULL THEN
                UPDATE ledger_head h SET seq = head_seq, hash = head_hash
                WHERE h.stream_kind = head_kind AND h.stream_id = head_id;
            END IF;
            head_kind := draft.kind;
            head_id := draft.id;
            SELECT h.seq, h.hash INTO head_seq, head_hash FROM ledger_head h
            WHERE h.stream_kind = head_kind AND h.stream_id = head_id FOR UPDATE;
            IF NOT FOUND THEN
                INSERT INTO ledger_head AS h (stream_kind, stream_id, seq, hash)
                VALUES (head_kind, head_id, 0, decode(repeat('00', 32), 'hex'))
                ON CONFLICT (stream_kind, stream_id) DO NOTHING;
                SELECT h.seq, h.hash INTO STRICT head_seq, head_hash FROM ledger_head h
                WHERE h.stream_kind = head_kind AND h.stream_id = head_id FOR UPDATE;
            END IF;
        END IF;
        head_seq := head_seq + 1;
        body := '{"stream":"' || head_kind || ':' || head_id || '","seq":' || head_seq || ',' || draft.tail;
        head_hash := sha256(head_hash || convert_to(body, 'UTF8'));
        places := places || draft.place;
        stream_kinds := stream_kinds || head_kind;
        stream_ids := stream_ids || head_id;
        seqs := seqs || head_seq;
        bodies := bodies || body;
        documents := documents || body::jsonb;
        hashes := hashes || head_hash;
    END LOOP;
    UPDATE ledger_head h SET seq = head_seq, hash = head_hash
    WHERE h.stream_kind = head_kind AND h.stream_id = head_id;
    RETURN QUERY
    WITH chained AS (
        SELECT * FROM unnest(places, stream_kinds, stream_ids, seqs, bodies, documents, hashes)
            AS c(place, stream_kind, stream_id, seq, body, document, hash)
    ), written AS (
        INSERT INTO ledger_event (stream_kind, stream_id, seq, kind, at, recorded_at,
                                  actor_kind, actor_id, actor_role, actor_unit_id, facts, body, hash)
        SELECT c.stream_kind, c.stream_id, c.seq, c.document->>'kind', (c.document->>'at')::timestamptz,
               (c.document->>'recorded_at')::timestamptz, c.document->'actor'->>'kind', c.document->'actor'->>'id',
               c.document->'actor'->>'role', (c.document->'actor'->>'unit_id')::bigint, c.document->'facts',
               c.body, c.hash
        FROM chained c
        RETURNING id, stream_kind, stream_id, seq, recorded_at
    ), placed AS (
        SELECT c.place, w.id, c.seq, c.hash, w.recorded_at
        FROM written w JOIN chained c USING (stream_kind, stream_id, seq)
    ), queued AS (
        INSERT INTO ledger_pending (event_id, next_at)
        SELECT p.id, p.recorded_at FROM placed p WHERE NOT histories[p.place] ORDER BY p.id
    )
    SELECT p.place, p.id, p.seq, p.hash FROM placed p;
END
$$;
"""

REFUSE = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE FUNCTION ledger_head_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stream_kind <> OLD.stream_kind OR NEW.stream_id <> OLD.stream_id OR NEW.seq <= OLD.seq THEN
        RAISE EXCEPTION 'the ledger is append-only: the head of %:% only grows', OLD.stream_kind, OLD.stream_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER ledger_head_only_grows BEFORE UPDATE ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION ledger_head_only_grows();
CREATE TRIGGER ledger_refuse BEFORE DELETE OR TRUNCATE ON ledger_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_event
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_anchor
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_anchor_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

-- Always: also where a session pretends to be a replica, which skips ordinary triggers.
ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER ledger_head_only_grows, ENABLE ALWAYS TRIGGER ledger_refuse;
ALTER TABLE ledger_event ENABLE ALWAYS TRIGGER ledger_refuse;
ALTER TABLE ledger_anchor ENABLE ALWAYS TRIGGER ledger_refuse;
ALTER TABLE ledger_anchor_head ENABLE ALWAYS TRIGGER ledger_refuse;

-- Rows that change often leave room for their next version, and a queue is vacuumed long before a fifth of it is dead.
ALTER TABLE ledger_head SET (fillfactor = 70);
ALTER TABLE ledger_pending SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
"""

UNDO = """
DROP TRIGGER ledger_refuse ON ledger_anchor_head;
DROP TRIGGER ledger_refuse ON ledger_anchor;
DROP TRIGGER ledger_refuse ON ledger_event;
DROP TRIGGER ledger_refuse ON ledger_head;
DROP TRIGGER ledger_head_only_grows ON ledger_head;
DROP FUNCTION ledger_head_only_grows();
DROP FUNCTION ledger_refuse();
DROP FUNCTION ledger_append(text[], bigint[], text[], boolean[]);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(APPEND + REFUSE, UNDO)]
