package io.countersign.jdbc;

import io.countersign.store.IndexEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Drops what has expired. What somebody else holds is left for another time. */
final class Purging {
  private static final String PURGE =
      "DELETE FROM cs_record r USING (SELECT collection, id FROM cs_record WHERE expires_at < ?"
          + " ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED) k WHERE r.collection = k.collection AND r.id = k.id"
          + " RETURNING r.collection, r.id, r.entries";

  private Purging() {}

  static long purge(Connection connection, long before, int limit) throws SQLException {
    Sql.Lines gone = new Sql.Lines();
    long dropped = 0;
    try (PreparedStatement statement = connection.prepareStatement(PURGE)) {
      statement.setLong(1, Columns.flipped(before));
      statement.setLong(2, limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          for (IndexEntry line : Columns.unpack(rows.getBytes(3))) gone.add(rows.getString(1), rows.getString(2), line);
          dropped++;
        }
      }
    }
    gone.run(connection, Sql.Lines.DELETE);
    return dropped;
  }
}
