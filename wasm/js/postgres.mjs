// Records in PostgreSQL through `pg`. The tables are those of the Rust adapter: processes in Node, Rust, Go and Java may
// work over one database at the same time.

import { CountersignError, NotApplied, expected } from './errors.mjs';
import { distinctSorted, pack, unpack, without } from './entries.mjs';
import { migrations } from './migrations.mjs';

/** Attempts of a commit that somebody else is in the way of. */
const ATTEMPTS = 8;

const BUSY = new Set(['23505', '40001', '40P01']);
/** Somebody else has created the table. */
const EXISTS = new Set(['42P07', '42710']);

// Makes the transaction durable and bounded, whatever the session was before. Who was in a circle of waiting
// transactions comes again one by one.
const BEGIN = `SELECT set_config('synchronous_commit', 'on', true), set_config('lock_timeout', '4s', true),
  set_config('statement_timeout', '4s', true), set_config('enable_seqscan', 'off', true),
  set_config('idle_in_transaction_session_timeout', '10s', true),
  CASE WHEN $1::boolean THEN pg_advisory_xact_lock(hashtext(current_schema()), 1) END`;

const KEYS = `json_to_recordset($1::text::json) AS k (n int, c text, i text)
  JOIN cs_record r ON r.collection = k.c AND r.id = k.i`;

const RECORDS = `json_to_recordset($1::text::json) AS v (c text, i text, r bytea, x bigint, e bytea, b bytea)`;
const ENTRIES = `json_to_recordset($1::text::json) AS v (c text, n text, v bytea, s bigint, i text)`;

const STATEMENTS = [
  ['inserts', true, `INSERT INTO cs_record (collection, id, rev, expires_at, entries, body)
    SELECT c, i, r, x, e, b FROM ${RECORDS} ON CONFLICT DO NOTHING`],
  ['updates', true, `UPDATE cs_record r SET rev = v.r, expires_at = v.x, entries = v.e, body = v.b
    FROM ${RECORDS} WHERE r.collection = v.c AND r.id = v.i`],
  ['gone', false, `DELETE FROM cs_entry e USING ${ENTRIES} WHERE e.collection = v.c AND e.name = v.n
    AND e.value = v.v AND e.sort = v.s AND e.id = v.i`],
  ['fresh', false, `INSERT INTO cs_entry (collection, name, value, sort, id)
    SELECT c, n, v, s, i FROM ${ENTRIES} ON CONFLICT DO NOTHING`],
  ['reserved', true, `DELETE FROM cs_record r USING json_to_recordset($1::text::json) AS k (c text, i text)
    WHERE r.collection = k.c AND r.id = k.i`],
];

// Reads the index first and alone, so that no plan sorts or joins more than a page.
const scanOf = (place, order) => `SELECT e.sort::text, e.id, r.rev, r.expires_at::text, r.body FROM (
    SELECT e.sort, e.id FROM cs_entry e
    WHERE e.collection = $1 AND e.name = $2 AND e.value = $3 AND ${place}
    ORDER BY e.sort ${order}, e.id ${order} LIMIT $6) e
  CROSS JOIN LATERAL (
    SELECT r.rev, r.expires_at, r.body FROM cs_record r WHERE r.collection = $1 AND r.id = e.id OFFSET 0) r
  ORDER BY e.sort ${order}, e.id ${order}`;

const FORWARD = scanOf('e.sort >= $4 AND e.sort <= $5 AND $7::text IS NULL', 'ASC');
const FORWARD_AFTER = scanOf('(e.sort, e.id) > ($4, $7::text) AND e.sort <= $5', 'ASC');
const BACKWARD = scanOf('e.sort >= $4 AND e.sort <= $5 AND $7::text IS NULL', 'DESC');
const BACKWARD_AFTER = scanOf('e.sort >= $4 AND (e.sort, e.id) < ($5, $7::text)', 'DESC');

const HALF = 1n << 63n;

// PostgreSQL has no unsigned numbers: 64 unsigned bits as signed ones in the same order. As text, because numbers of
// JavaScript are too short and parsers of `pg` can be replaced.
const toColumn = (value) => (value - HALF).toString();
const fromColumn = (text) => BigInt(text) + HALF;
const hex = (bytes) => `\\x${Buffer.from(bytes).toString('hex')}`;

const same = (a, b) => Buffer.compare(a, b) === 0;

/** An error without the database's own text, which may quote values. */
function described(error) {
  const text = /^[0-9A-Z]{5}$/.test(error?.code ?? '') ? `a statement failed (SQLSTATE ${error.code})` : String(error?.message);
  return new Error(`postgres: ${text}`);
}

/** Ends the transaction of a batch that does not fit. */
class Refused extends Error {
  constructor(conflicts) {
    super('the batch does not fit');
    this.conflicts = conflicts;
  }
}

/** A key that was free when it was looked at was taken before it was written. */
class Taken extends Error {}

/** COMMIT failed: whether it took effect is not known, unless the error says so. */
class Unsure extends Error {
  constructor(cause) {
    super('the answer to the commit is an error', { cause });
    // 40003 says that the database does not know itself.
    this.rolledBack = typeof cause?.code === 'string' && cause.code.startsWith('40') && cause.code !== '40003';
    this.code = cause?.code;
  }
}

const mayRetry = (error) => error instanceof Taken || BUSY.has(error?.code);

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs `body` in a transaction, which is rolled back when it fails. */
async function inTransaction(pool, body) {
  const client = await pool.connect();
  let broken;
  const lost = (error) => {
    broken = error;
  };
  // Without a listener, a connection that dies in between would end the process.
  client.on('error', lost);
  try {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    let result;
    try {
      result = await body(client);
    } catch (error) {
      // A connection that cannot roll back is thrown away.
      await client.query('ROLLBACK').catch(lost);
      throw error;
    }
    try {
      await client.query('COMMIT');
    } catch (error) {
      broken = error;
      throw new Unsure(error);
    }
    return result;
  } finally {
    client.off('error', lost);
    client.release(broken);
  }
}

function recordOf({ id, rev, expires_at: expiresAt, body }) {
  if (rev.length !== 16) throw new Error(`a row has a revision of ${rev.length} bytes`);
  return { id, rev, expiresAt: expiresAt === null ? null : fromColumn(expiresAt), body };
}

async function recordsOf(db, wanted) {
  const found = new Map();
  if (wanted.length === 0) return found;
  const text = `SELECT k.n, r.id, r.rev, r.expires_at::text, r.body FROM ${KEYS}`;
  const { rows } = await db.query({ name: 'cs-records', text, values: [JSON.stringify(wanted)] });
  for (const row of rows) found.set(row.n, recordOf(row));
  return found;
}

/** Reads what the batch touches, in the order of the keys, so that transactions rarely wait in a circle. */
async function locked(client, writes) {
  const found = new Map();
  for (const [checks, mode] of [[false, 'UPDATE'], [true, 'SHARE']]) {
    const keys = writes.flatMap(({ type, collection, id }, n) =>
      (type === 'check') === checks ? [{ n, c: collection, i: id }] : []);
    if (keys.length === 0) continue;
    const text = `SELECT k.n, r.rev, r.entries FROM ${KEYS} ORDER BY k.n FOR ${mode} OF r`;
    const { rows } = await client.query({ name: `cs-lock-${mode}`, text, values: [JSON.stringify(keys)] });
    for (const row of rows) found.set(row.n, row);
  }
  return found;
}

function planOf({ rev, writes }, now) {
  const plan = { inserts: [], updates: [], gone: [], fresh: [], reserved: [] };
  writes.forEach(({ type, collection: c, id: i, body, expiresAt, entries }, place) => {
    const before = now.get(place);
    if (type === 'check') {
      if (before) return;
      // Keeps the key free: whoever inserts it now waits for the end of this transaction.
      plan.reserved.push({ c, i });
      plan.inserts.push({ c, i, r: hex(new Uint8Array(16)), x: null, e: null, b: '\\x00' });
      return;
    }
    const row = { c, i, r: hex(rev), x: expiresAt === null ? null : toColumn(expiresAt), b: hex(body) };
    const old = before?.entries ?? null;
    if (entries === null) {
      row.e = old === null ? null : hex(old);
    } else {
      const [previous, lines] = [unpack(old), distinctSorted(entries)];
      const rows = (list) => list.map(({ index, value, sort }) => ({ c, n: index, v: hex(value), s: toColumn(sort), i }));
      row.e = lines.length === 0 ? null : hex(pack(lines));
      plan.gone.push(...rows(without(previous, lines)));
      plan.fresh.push(...rows(without(lines, previous)));
    }
    (before ? plan.updates : plan.inserts).push(row);
  });
  return plan;
}

async function carryOut(client, plan) {
  for (const [part, exact, text] of STATEMENTS) {
    const rows = plan[part];
    if (rows.length === 0) continue;
    const { rowCount } = await client.query({ name: `cs-${part}`, text, values: [JSON.stringify(rows)] });
    if (exact && rowCount !== rows.length) throw new Taken('somebody else has taken a key');
  }
}

async function written(client, batch, oneByOne) {
  await client.query({ name: 'cs-begin', text: BEGIN, values: [oneByOne] });
  const now = await locked(client, batch.writes);
  const misfits = batch.writes.flatMap(({ collection, id, expect }, n) => {
    const record = now.get(n);
    const fits = expect === null ? !record : record !== undefined && same(record.rev, expect);
    return fits ? [] : [{ n, c: collection, i: id }];
  });
  if (misfits.length > 0) {
    const current = await recordsOf(client, misfits);
    throw new Refused(misfits.map(({ n }) => ({ position: n, record: current.get(n) ?? null })));
  }
  await carryOut(client, planOf(batch, now));
}

async function applied(client) {
  // The others wait here, and then find nothing left to do.
  const { rows } = await client.query('SELECT version::text FROM cs_layout FOR UPDATE');
  const found = Number(rows[0].version);
  if (found > migrations.length) {
    throw new CountersignError('store_open', `the tables have layout ${found}, this version knows up to ${migrations.length}`);
  }
  for (const script of migrations.slice(found)) await client.query(script);
  await client.query('UPDATE cs_layout SET version = $1', [migrations.length]);
}

async function migrate(pool) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await pool.query('CREATE TABLE IF NOT EXISTS cs_layout (only_row BOOLEAN PRIMARY KEY CHECK (only_row), version BIGINT NOT NULL)');
      await pool.query('INSERT INTO cs_layout VALUES (true, 0) ON CONFLICT DO NOTHING');
      await inTransaction(pool, applied);
      return;
    } catch (error) {
      if (error instanceof CountersignError) throw error;
      // Two that create the same table refuse each other once.
      if (attempt < 10 && (mayRetry(error) || EXISTS.has(error.code))) continue;
      throw new CountersignError('store_open', described(error).message);
    }
  }
}

/** A store over a pool of `pg`. It does not end the pool; connections must go to the primary. */
export class PostgresStore {
  #pool;

  /** @internal */
  constructor(pool) {
    this.#pool = pool;
  }

  /** Prepares the tables in the schema where connections look first. */
  static async open(pool) {
    expected(typeof pool?.connect === 'function' && typeof pool.query === 'function', 'pool');
    let off;
    try {
      ({ rows: off } = await pool.query(`SELECT name FROM pg_settings
        WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY name`));
    } catch (error) {
      throw new CountersignError('store_open', described(error).message);
    }
    if (off.length > 0) {
      const names = off.map(({ name }) => name).join(', ');
      throw new CountersignError('store_open', `the database does not promise durability: ${names} is off`);
    }
    await migrate(pool);
    return new PostgresStore(pool);
  }

  async read(queries) {
    try {
      const keys = queries.flatMap(({ type, collection, id }, n) => (type === 'get' ? [{ n, c: collection, i: id }] : []));
      const records = await recordsOf(this.#pool, keys);
      const answers = [];
      for (const [place, query] of queries.entries()) {
        answers.push(query.type === 'get' ? (records.get(place) ?? null) : await this.#scan(query));
      }
      return answers;
    } catch (error) {
      throw described(error);
    }
  }

  async #scan({ collection, index, value, from, to, newestFirst, after, limit }) {
    let [low, high, text, name] = newestFirst ? [from, to, BACKWARD, 'cs-b'] : [from, to, FORWARD, 'cs-f'];
    let cursor = null;
    // A cursor before the range does not narrow it.
    if (after && !newestFirst && after.sort >= from) [low, text, name, cursor] = [after.sort, FORWARD_AFTER, 'cs-fa', after.id];
    if (after && newestFirst && after.sort <= to) [high, text, name, cursor] = [after.sort, BACKWARD_AFTER, 'cs-ba', after.id];
    // One more tells whether anything follows.
    const values = [collection, index, Buffer.from(value), toColumn(low), toColumn(high), limit + 1, cursor];
    const { rows } = await this.#pool.query({ name, text, values });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      records: page.map(recordOf),
      next: rows.length > limit ? { sort: fromColumn(last.sort), id: last.id } : null,
    };
  }

  async commit(batch) {
    let oneByOne = false;
    let met;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      try {
        await inTransaction(this.#pool, (client) => written(client, batch, oneByOne));
        return { applied: true };
      } catch (error) {
        if (error instanceof Refused) return { conflicts: error.conflicts };
        // It may have been applied.
        if (error instanceof Unsure && !error.rolledBack) throw described(error.cause);
        if (!mayRetry(error)) throw new NotApplied(described(error).message);
        met = error;
        oneByOne ||= error.code === '40P01';
        await pause(attempt);
      }
    }
    throw new NotApplied(described(met).message);
  }

  /** Drops records that expired before `before` (milliseconds), at most `limit`; resolves to their number. */
  async purge(before, limit) {
    let dropped = 0;
    while (dropped < limit) {
      const slice = Math.min(limit - dropped, 1_000);
      const gone = await inTransaction(this.#pool, (client) => purged(client, before, slice)).catch((error) => {
        throw described(error);
      });
      dropped += gone;
      if (gone < slice) break;
    }
    return dropped;
  }
}

async function purged(client, before, limit) {
  await client.query({ name: 'cs-begin', text: BEGIN, values: [false] });
  const { rows } = await client.query(
    `DELETE FROM cs_record r USING (
        SELECT collection, id FROM cs_record WHERE expires_at < $1
        ORDER BY expires_at, collection, id LIMIT $2 FOR UPDATE SKIP LOCKED) AS k
      WHERE r.collection = k.collection AND r.id = k.id
      RETURNING r.collection, r.id, r.entries`,
    [toColumn(before), limit],
  );
  const gone = rows.flatMap(({ collection, id, entries }) =>
    unpack(entries).map(({ index, value, sort }) => ({ c: collection, n: index, v: hex(value), s: toColumn(sort), i: id })));
  await carryOut(client, { inserts: [], updates: [], gone, fresh: [], reserved: [] });
  return rows.length;
}
