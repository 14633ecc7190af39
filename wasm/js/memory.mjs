// Records in memory: for tests, for trying things out, and as the model of what a store does.

const encoder = new TextEncoder();

const keyOf = (collection, id) => `${collection}\0${id}`;

function compareBytes(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    if (a[i] !== b[i]) return a[i] - b[i];
  }
  return a.length - b.length;
}

/** Order of an index: by `sort`, then by the id's UTF-8. */
function comparePlaces(a, b) {
  if (a.sort !== b.sort) return a.sort < b.sort ? -1 : 1;
  return compareBytes(encoder.encode(a.id), encoder.encode(b.id));
}

const same = (a, b) => a.length === b.length && compareBytes(a, b) === 0;

const sameEntry = (a, b) => a.index === b.index && a.sort === b.sort && same(a.value, b.value);

/** Equal entries of one record are one line of the index. */
const distinct = (entries) =>
  entries.filter((entry, at) => entries.findIndex((other) => sameEntry(other, entry)) === at);

export class MemoryStore {
  #rows = new Map();

  async read(queries) {
    return queries.map((query) =>
      query.type === 'get' ? this.#record(query.collection, query.id) : this.#scan(query),
    );
  }

  async commit({ rev, writes }) {
    const conflicts = writes.flatMap(({ collection, id, expect }, position) => {
      const record = this.#record(collection, id);
      const fits = expect === null ? record === null : record !== null && same(record.rev, expect);
      return fits ? [] : [{ position, record }];
    });
    if (conflicts.length > 0) return { conflicts };
    for (const write of writes) {
      if (write.type !== 'check') this.#write(rev, write);
    }
    return { applied: true };
  }

  /** Drops records that expired before `before`, at most `limit`; answers how many. */
  async purge(before, limit) {
    const expired = [...this.#rows].filter(([, { record }]) => record.expiresAt !== null && record.expiresAt < before);
    const gone = expired.slice(0, limit);
    for (const [key] of gone) this.#rows.delete(key);
    return gone.length;
  }

  /** Number of records in a collection. */
  count(collection) {
    return [...this.#rows.values()].filter((row) => row.collection === collection).length;
  }

  #record(collection, id) {
    const row = this.#rows.get(keyOf(collection, id));
    return row ? row.record : null;
  }

  #write(rev, { collection, id, body, expiresAt, entries }) {
    const key = keyOf(collection, id);
    // Copies: what a message holds is not kept as a whole.
    const record = { id, rev: rev.slice(), expiresAt, body: body.slice() };
    const kept = entries && distinct(entries).map((entry) => ({ ...entry, value: entry.value.slice() }));
    this.#rows.set(key, { collection, record, entries: kept ?? this.#rows.get(key)?.entries ?? [] });
  }

  #scan({ collection, index, value, from, to, newestFirst, after, limit }) {
    const direction = newestFirst ? -1 : 1;
    const lines = [];
    for (const row of this.#rows.values()) {
      if (row.collection !== collection) continue;
      for (const entry of row.entries) {
        if (entry.index !== index || !same(entry.value, value)) continue;
        if (entry.sort < from || entry.sort > to) continue;
        const line = { sort: entry.sort, id: row.record.id, record: row.record };
        if (after && comparePlaces(line, after) * direction <= 0) continue;
        lines.push(line);
      }
    }
    lines.sort((a, b) => comparePlaces(a, b) * direction);
    const page = lines.slice(0, limit);
    const last = page.at(-1);
    return {
      records: page.map((line) => line.record),
      next: last && page.length < lines.length ? { sort: last.sort, id: last.id } : null,
    };
  }
}
