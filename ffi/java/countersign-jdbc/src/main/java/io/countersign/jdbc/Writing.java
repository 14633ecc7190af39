package io.countersign.jdbc;

import io.countersign.store.Batch;
import io.countersign.store.IndexEntry;
import io.countersign.store.Outcome;
import io.countersign.store.StoredRecord;
import io.countersign.store.Write;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A batch inside its transaction: lock, judge, write. */
final class Writing {
  private static final String LOCK =
      "SELECT k.n, r.rev, r.entries FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS k (collection, id, n)"
          + " JOIN cs_record r ON r.collection = k.collection AND r.id = k.id ORDER BY k.n FOR %s OF r";
  private static final String ROWS = "unnest(?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::bytea[], ?::bytea[])";
  private static final String INSERT =
      "INSERT INTO cs_record (collection, id, rev, expires_at, entries, body) SELECT * FROM " + ROWS;
  private static final String UPDATE =
      "UPDATE cs_record r SET rev = v.rev, expires_at = v.expires_at, entries = v.entries, body = v.body FROM "
          + ROWS
          + " AS v (collection, id, rev, expires_at, entries, body) WHERE r.collection = v.collection AND r.id = v.id";
  /** Keeps a key free: whoever inserts it now waits for the end of this transaction. */
  private static final String RESERVE =
      "INSERT INTO cs_record (collection, id, rev, body)"
          + " SELECT collection, id, decode('00000000000000000000000000000000', 'hex'), decode('00', 'hex')"
          + " FROM unnest(?::text[], ?::text[]) AS k (collection, id)";
  private static final String RELEASE =
      "DELETE FROM cs_record r USING unnest(?::text[], ?::text[]) AS k (collection, id)"
          + " WHERE r.collection = k.collection AND r.id = k.id";

  /** What is stored under the key of a write. */
  private record Stored(byte[] rev, byte[] entries) {}

  private final Connection connection;
  private final Batch batch;
  private final boolean oneByOne;
  private final Stored[] stored;

  /** {@code oneByOne}: slower, and never in a circle with others that do so. */
  Writing(Connection connection, Batch batch, boolean oneByOne) {
    this.connection = connection;
    this.batch = batch;
    this.oneByOne = oneByOne;
    this.stored = new Stored[batch.writes().size()];
  }

  Outcome outcome() throws SQLException {
    // What is written against everybody, what is only checked against writers: each in the order of the keys, so that
    // transactions wait for each other and hardly ever in a circle.
    List<Integer> order = new ArrayList<>(IntStream.range(0, stored.length).boxed().toList());
    order.sort(
        Comparator.comparing((Integer it) -> batch.writes().get(it).collection())
            .thenComparing(it -> batch.writes().get(it).id()));
    if (oneByOne) {
      for (int position : order) lock(List.of(position), isCheck(position));
    } else {
      lock(order.stream().filter(it -> !isCheck(it)).toList(), false);
      lock(order.stream().filter(this::isCheck).toList(), true);
    }
    List<Integer> refused = new ArrayList<>();
    for (int position = 0; position < stored.length; position++) {
      byte[] present = stored[position] == null ? null : stored[position].rev();
      if (!Arrays.equals(present, batch.writes().get(position).expect())) refused.add(position);
    }
    if (!refused.isEmpty()) return conflict(refused);
    write();
    return Outcome.APPLIED;
  }

  private boolean isCheck(int position) {
    return batch.writes().get(position) instanceof Write.Check;
  }

  private void lock(List<Integer> positions, boolean checks) throws SQLException {
    if (positions.isEmpty()) return;
    Sql.Keys keys = new Sql.Keys();
    for (int position : positions) {
      Write write = batch.writes().get(position);
      keys.add(write.collection(), write.id());
    }
    try (PreparedStatement statement = keys.over(connection, LOCK.formatted(checks ? "SHARE" : "UPDATE"));
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        stored[positions.get(rows.getInt(1) - 1)] = new Stored(rows.getBytes(2), rows.getBytes(3));
      }
    }
  }

  private Outcome conflict(List<Integer> refused) throws SQLException {
    Sql.Keys keys = new Sql.Keys();
    for (int position : refused) {
      Write write = batch.writes().get(position);
      keys.add(write.collection(), write.id());
    }
    StoredRecord[] current = Reading.records(connection, keys);
    List<Outcome.Refused> list = new ArrayList<>();
    for (int at = 0; at < current.length; at++) list.add(new Outcome.Refused(refused.get(at), current[at]));
    return new Outcome.Conflict(list);
  }

  private void write() throws SQLException {
    Sql.Keys reserved = new Sql.Keys();
    Rows inserts = new Rows();
    Rows updates = new Rows();
    Sql.Lines gone = new Sql.Lines();
    Sql.Lines added = new Sql.Lines();
    for (int position = 0; position < stored.length; position++) {
      Write write = batch.writes().get(position);
      Stored before = stored[position];
      if (write instanceof Write.Check) {
        if (before == null) reserved.add(write.collection(), write.id());
        continue;
      }
      byte[] packed = before == null ? null : before.entries();
      List<IndexEntry> wanted = entries(write);
      if (wanted != null) {
        List<IndexEntry> old = Columns.unpack(packed);
        List<IndexEntry> lines = Columns.lines(wanted);
        for (IndexEntry line : old) {
          if (!Columns.contains(lines, line)) gone.add(write.collection(), write.id(), line);
        }
        for (IndexEntry line : lines) {
          if (!Columns.contains(old, line)) added.add(write.collection(), write.id(), line);
        }
        packed = Columns.pack(lines);
      }
      (before == null ? inserts : updates).add(write, packed);
    }
    run(reserved, RESERVE);
    inserts.run(INSERT);
    updates.run(UPDATE);
    gone.run(connection, Sql.Lines.DELETE);
    added.run(connection, Sql.Lines.INSERT);
    run(reserved, RELEASE);
  }

  /** The entries from now on; null keeps the present ones. */
  private static List<IndexEntry> entries(Write write) {
    return write instanceof Write.Append append ? append.entries() : ((Write.Put) write).entries();
  }

  private void run(Sql.Keys keys, String sql) throws SQLException {
    if (keys.isEmpty()) return;
    try (PreparedStatement statement = keys.over(connection, sql)) {
      statement.executeUpdate();
    }
  }

  /** Rows of cs_record, column by column. */
  private final class Rows {
    private final Sql.Keys keys = new Sql.Keys();
    private final List<Long> expiries = new ArrayList<>();
    private final List<byte[]> entries = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();

    void add(Write write, byte[] packed) {
      keys.add(write.collection(), write.id());
      entries.add(packed);
      if (write instanceof Write.Put put) {
        expiries.add(Columns.flipped(put.expiresAt()));
        bodies.add(put.body());
      } else if (write instanceof Write.Append append) {
        expiries.add(Columns.flipped(append.expiresAt()));
        bodies.add(append.body());
      }
    }

    void run(String sql) throws SQLException {
      if (keys.isEmpty()) return;
      byte[][] revs = new byte[bodies.size()][];
      Arrays.fill(revs, batch.rev());
      try (PreparedStatement statement =
          Sql.over(
              connection,
              sql,
              keys.collections.toArray(String[]::new),
              keys.ids.toArray(String[]::new),
              revs,
              expiries.toArray(Long[]::new),
              entries.toArray(byte[][]::new),
              bodies.toArray(byte[][]::new))) {
        statement.executeUpdate();
      }
    }
  }
}
