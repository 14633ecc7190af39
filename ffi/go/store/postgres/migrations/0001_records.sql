-- Records and their index entries. Never edit this file after a release; add the next one.
-- Texts compare byte by byte, whatever the database's own order is.

-- One row per record of any collection.
--   rev         16 bytes, the revision of the batch that wrote it last
--   expires_at  milliseconds since the epoch minus 2^63 (so that 64 unsigned bits keep their order). NULL: never
--   entries     the record's lines of the table below, packed, so that a writer knows the old ones; NULL: none
--   body        opaque; the first byte is the version of its format
-- Most updates change rev and body only: room on the page keeps them away from the indexes.
CREATE TABLE cs_record (
    collection TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    rev        BYTEA NOT NULL CHECK (length(rev) = 16),
    expires_at BIGINT,
    entries    BYTEA,
    body       BYTEA NOT NULL,
    PRIMARY KEY (collection, id)
) WITH (fillfactor = 80);

CREATE INDEX cs_record_expires_at ON cs_record (expires_at) WHERE expires_at IS NOT NULL;

-- One row per index entry: equality on value, order by sort (minus 2^63, as above), then by id.
CREATE TABLE cs_entry (
    collection TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    value      BYTEA NOT NULL,
    sort       BIGINT NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (collection, name, value, sort, id)
);
