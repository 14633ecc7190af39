package io.countersign.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/** The tables' layout: number n is what the first n scripts make, those of the library's own adapter. */
final class Layout {
  static final List<String> SCRIPTS = List.of("0001_records.sql");

  private static final String CREATE =
      "CREATE TABLE IF NOT EXISTS cs_layout"
          + " (only_row BOOLEAN PRIMARY KEY CHECK (only_row), version BIGINT NOT NULL);"
          + " INSERT INTO cs_layout VALUES (true, 0) ON CONFLICT DO NOTHING";

  /** Two processes that create the same table refuse each other once. */
  private static final Set<String> AGAIN = Set.of("23505", "40001", "40P01", "42P07", "42710");

  private static final int ATTEMPTS = 10;

  private Layout() {}

  static void migrate(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    for (int attempt = 1; ; attempt++) {
      try {
        apply(connection);
        connection.commit();
        return;
      } catch (SQLException error) {
        connection.rollback();
        if (!Sql.isOneOf(AGAIN, error) || attempt == ATTEMPTS) throw error;
      }
    }
  }

  private static void apply(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(CREATE);
      long found;
      // The others wait here, and then find nothing left to do.
      try (ResultSet row = statement.executeQuery("SELECT version FROM cs_layout FOR UPDATE")) {
        row.next();
        found = row.getLong(1);
      }
      if (found > SCRIPTS.size()) {
        throw new SQLException("the tables have layout " + found + ", of a newer release; known is " + SCRIPTS.size());
      }
      for (long number = found; number < SCRIPTS.size(); number++) statement.execute(script((int) number));
      statement.execute("UPDATE cs_layout SET version = " + SCRIPTS.size());
    }
  }

  private static String script(int number) {
    try (InputStream script = Layout.class.getResourceAsStream(SCRIPTS.get(number))) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException error) {
      throw new IllegalStateException(error);
    }
  }
}
