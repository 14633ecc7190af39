-- Makes 16 parts of each table, by the hash of the id, while no server runs. See scaling.md: below some 10^8 rows nothing
-- gets faster. Run it with the search path of the servers; it copies all rows, in one transaction.
BEGIN;
DO $$
DECLARE
    whole TEXT;
    part INT;
BEGIN
    FOREACH whole IN ARRAY ARRAY['cs_record', 'cs_entry'] LOOP
        EXECUTE format('ALTER TABLE %I RENAME TO %I', whole, whole || '_whole');
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (%s)) PARTITION BY HASH (id)',
            whole, whole || '_whole',
            CASE whole WHEN 'cs_record' THEN 'collection, id' ELSE 'collection, name, value, sort, id' END);
        FOR part IN 0..15 LOOP
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 16, REMAINDER %s) WITH (fillfactor = %s)',
                whole || '_' || part, whole, part, CASE whole WHEN 'cs_record' THEN 80 ELSE 100 END);
        END LOOP;
        EXECUTE format('INSERT INTO %I SELECT * FROM %I', whole, whole || '_whole');
        EXECUTE format('DROP TABLE %I', whole || '_whole');
    END LOOP;
    CREATE INDEX cs_record_expires_at ON cs_record (expires_at) WHERE expires_at IS NOT NULL;
END $$;
COMMIT;
