// A record's index entries, packed beside it so that a writer knows the old ones: sorted, without duplicates, for each
// the length of the name (4 bytes, big endian), the name, the length of the value, the value, and sort (8 bytes).

function compare(a, b) {
  const names = Buffer.compare(Buffer.from(a.index), Buffer.from(b.index));
  if (names !== 0) return names;
  const values = Buffer.compare(a.value, b.value);
  if (values !== 0) return values;
  return a.sort < b.sort ? -1 : Number(a.sort > b.sort);
}

export function distinctSorted(entries) {
  const sorted = [...entries].sort(compare);
  return sorted.filter((line, at) => at === 0 || compare(sorted[at - 1], line) !== 0);
}

/** The lines that are not among the others. */
export function without(lines, others) {
  return lines.filter((line) => !others.some((other) => compare(line, other) === 0));
}

const length = (bytes) => {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(bytes.length);
  return four;
};

export function pack(lines) {
  return Buffer.concat(
    lines.flatMap(({ index, value, sort }) => {
      const name = Buffer.from(index);
      const eight = Buffer.alloc(8);
      eight.writeBigUInt64BE(sort);
      return [length(name), name, length(value), value, eight];
    }),
  );
}

export function unpack(packed) {
  const lines = [];
  if (packed === null) return lines;
  let at = 0;
  const take = (count) => {
    if (count > packed.length - at) throw new Error('a row has entries in another form');
    at += count;
    return packed.subarray(at - count, at);
  };
  const field = () => take(take(4).readUInt32BE());
  while (at < packed.length) {
    lines.push({ index: field().toString('utf8'), value: field(), sort: take(8).readBigUInt64BE() });
  }
  return lines;
}
