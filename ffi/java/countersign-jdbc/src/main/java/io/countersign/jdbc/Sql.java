package io.countersign.jdbc;

import io.countersign.store.IndexEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Statements over arrays: one round trip for any number of rows. */
final class Sql {
  private Sql() {}

  /** Whether the database has said why, and it is one of these states. */
  static boolean isOneOf(Set<String> states, SQLException error) {
    return error.getSQLState() != null && states.contains(error.getSQLState());
  }

  /** A statement whose parameters are these lists, as arrays. */
  static PreparedStatement over(Connection connection, String sql, Object[]... arrays) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int place = 0; place < arrays.length; place++) {
        Object[] array = arrays[place];
        String type = array instanceof byte[][] ? "bytea" : array instanceof Long[] ? "int8" : "text";
        statement.setArray(place + 1, connection.createArrayOf(type, array));
      }
      return statement;
    } catch (SQLException error) {
      statement.close();
      throw error;
    }
  }

  /** Keys, column by column. */
  static final class Keys {
    final List<String> collections = new ArrayList<>();
    final List<String> ids = new ArrayList<>();

    void add(String collection, String id) {
      collections.add(collection);
      ids.add(id);
    }

    boolean isEmpty() {
      return ids.isEmpty();
    }

    PreparedStatement over(Connection connection, String sql) throws SQLException {
      return Sql.over(connection, sql, collections.toArray(String[]::new), ids.toArray(String[]::new));
    }
  }

  /** Rows of cs_entry, column by column. */
  static final class Lines {
    static final String DELETE =
        "DELETE FROM cs_entry e USING unnest(?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::text[])"
            + " AS v (collection, name, value, sort, id) WHERE e.collection = v.collection AND e.name = v.name"
            + " AND e.value = v.value AND e.sort = v.sort AND e.id = v.id";
    static final String INSERT =
        "INSERT INTO cs_entry (collection, name, value, sort, id)"
            + " SELECT * FROM unnest(?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::text[]) ON CONFLICT DO NOTHING";

    private final Keys keys = new Keys();
    private final List<String> names = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();
    private final List<Long> sorts = new ArrayList<>();

    void add(String collection, String id, IndexEntry line) {
      keys.add(collection, id);
      names.add(line.index());
      values.add(line.value());
      sorts.add(Columns.flipped(line.sort()));
    }

    void run(Connection connection, String sql) throws SQLException {
      if (keys.isEmpty()) return;
      try (PreparedStatement statement =
          Sql.over(
              connection,
              sql,
              keys.collections.toArray(String[]::new),
              names.toArray(String[]::new),
              values.toArray(byte[][]::new),
              sorts.toArray(Long[]::new),
              keys.ids.toArray(String[]::new))) {
        statement.executeUpdate();
      }
    }
  }
}
