package io.countersign.jdbc;

import io.countersign.store.Answer;
import io.countersign.store.Cursor;
import io.countersign.store.Query;
import io.countersign.store.StoredRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads: all gets in one statement, each scan in one. */
final class Reading {
  static final int SECONDS = 4;

  private static final String GET =
      "SELECT k.n, r.rev, r.expires_at, r.body FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS k (collection, id, n)"
          + " JOIN cs_record r ON r.collection = k.collection AND r.id = k.id";

  private Reading() {}

  static List<Answer> answers(Connection connection, List<Query> queries) throws SQLException {
    Sql.Keys keys = new Sql.Keys();
    for (Query query : queries) {
      if (query instanceof Query.Get get) keys.add(get.collection(), get.id());
    }
    StoredRecord[] records = records(connection, keys);
    List<Answer> answers = new ArrayList<>(queries.size());
    int next = 0;
    for (Query query : queries) {
      if (query instanceof Query.Scan scan) answers.add(page(connection, scan));
      else answers.add(new Answer.Found(records[next++]));
    }
    return answers;
  }

  /** The records with these keys, in their order; null where there is none. */
  static StoredRecord[] records(Connection connection, Sql.Keys keys) throws SQLException {
    StoredRecord[] records = new StoredRecord[keys.ids.size()];
    if (keys.isEmpty()) return records;
    try (PreparedStatement statement = keys.over(connection, GET)) {
      statement.setQueryTimeout(SECONDS);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          int place = rows.getInt(1) - 1;
          records[place] = Columns.record(rows, keys.ids.get(place), 2);
        }
      }
    }
    return records;
  }

  private static Answer.Page page(Connection connection, Query.Scan scan) throws SQLException {
    long from = Columns.flipped(scan.from());
    long to = Columns.flipped(scan.to());
    String after = null;
    if (scan.after() != null) {
      // A cursor before the range does not narrow it.
      long place = Columns.flipped(scan.after().sort());
      if (!scan.newestFirst() && place >= from) {
        from = place;
        after = scan.after().id();
      } else if (scan.newestFirst() && place <= to) {
        to = place;
        after = scan.after().id();
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(sql(scan.newestFirst(), after != null))) {
      statement.setQueryTimeout(SECONDS);
      int at = 0;
      statement.setString(++at, scan.collection());
      statement.setString(++at, scan.index());
      statement.setBytes(++at, scan.value());
      statement.setLong(++at, from);
      statement.setLong(++at, to);
      if (after != null) {
        statement.setLong(++at, scan.newestFirst() ? to : from);
        statement.setString(++at, after);
      }
      // One more tells whether anything follows.
      statement.setLong(++at, scan.limit() + 1L);
      return read(statement, scan.limit());
    }
  }

  /** The index is read first and alone, so that no plan sorts or joins more than a page. */
  private static String sql(boolean newestFirst, boolean after) {
    String order = newestFirst ? "DESC" : "ASC";
    String place = after ? " AND (e.sort, e.id) " + (newestFirst ? "<" : ">") + " (?, ?)" : "";
    return "SELECT e.sort, e.id, r.rev, r.expires_at, r.body FROM (SELECT e.collection, e.sort, e.id FROM cs_entry e"
        + " WHERE e.collection = ? AND e.name = ? AND e.value = ? AND e.sort >= ? AND e.sort <= ?"
        + place
        + " ORDER BY e.sort %1$s, e.id %1$s LIMIT ?) e CROSS JOIN LATERAL (SELECT r.rev, r.expires_at, r.body"
            .formatted(order)
        + " FROM cs_record r WHERE r.collection = e.collection AND r.id = e.id OFFSET 0) r ORDER BY e.sort %1$s, e.id %1$s"
            .formatted(order);
  }

  private static Answer.Page read(PreparedStatement statement, int limit) throws SQLException {
    List<StoredRecord> records = new ArrayList<>();
    Cursor last = null;
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        if (records.size() == limit) return new Answer.Page(records, last);
        last = new Cursor(Columns.flipped(rows.getLong(1)), rows.getString(2));
        records.add(Columns.record(rows, last.id(), 3));
      }
    }
    return new Answer.Page(records, null);
  }
}
