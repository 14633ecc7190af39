-- Records and their index entries. Never edit this file after a release; add the next one.

-- One row per record of any collection.
--   rev         16 bytes, the revision of the batch that wrote it last
--   expires_at  milliseconds since the epoch minus 2^63 (so that 64 unsigned bits keep their order);
--               read it as expires_at + 9223372036854775807 + 1. NULL: never
--   entries     the record's lines of the table below, packed; NULL: none
--   body        opaque; the first byte is the version of its format
CREATE TABLE record (
    collection TEXT NOT NULL,
    id         TEXT NOT NULL,
    rev        BLOB NOT NULL CHECK (length(rev) = 16),
    expires_at INTEGER,
    entries    BLOB,
    body       BLOB NOT NULL,
    PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX record_expires_at ON record (expires_at) WHERE expires_at IS NOT NULL;

-- One row per index entry: equality on value, order by sort (minus 2^63, as above), then by id.
CREATE TABLE entry (
    collection TEXT NOT NULL,
    name       TEXT NOT NULL,
    value      BLOB NOT NULL,
    sort       INTEGER NOT NULL,
    id         TEXT NOT NULL,
    PRIMARY KEY (collection, name, value, sort, id)
) STRICT, WITHOUT ROWID;
