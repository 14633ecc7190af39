package io.countersign.jdbc;

import io.countersign.store.Answer;
import io.countersign.store.Batch;
import io.countersign.store.NotAppliedException;
import io.countersign.store.Outcome;
import io.countersign.store.Query;
import io.countersign.store.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Records in a PostgreSQL of the host's own, through its pool of connections. The tables are those of the library's own
 * adapter ({@code cs_record}, {@code cs_entry}, {@code cs_layout}), so that both may serve one database. They are found in
 * the schema that the connections work in.
 *
 * <p>A batch is one transaction at READ COMMITTED: the rows it touches are locked in the order of their keys, judged, and
 * written. What the database refused before the commit was not applied; a commit without an answer may have been.
 */
public final class PostgresStore implements Store {
  /** Ends what waits for a lock, or forever, long before the engine's own deadline; and nothing is answered before it is durable. */
  private static final String BEGIN =
      "SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '4s'; SET LOCAL statement_timeout = '4s';"
          + " SET LOCAL idle_in_transaction_session_timeout = '10s'";

  /** Somebody else was quicker: unique key, serialization, deadlock. */
  private static final Set<String> AGAIN = Set.of("23505", "40001", "40P01");

  /** Transactions that lock several rows at a time have waited in a circle. */
  private static final Set<String> DEADLOCK = Set.of("40P01");

  private static final int ATTEMPTS = 10;

  private final DataSource pool;

  /** Over tables that are there; see {@link #migrate}. */
  public PostgresStore(DataSource pool) {
    this.pool = pool;
  }

  /**
   * Creates the tables, or brings them to the newest layout. Any number of processes may do so at the same time.
   *
   * @throws SQLException when the tables are of a newer release, or the user may not create them
   */
  public void migrate() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      Layout.migrate(connection);
    }
  }

  @Override
  public List<Answer> read(List<Query> queries) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(true);
      return Reading.answers(connection, queries);
    }
  }

  @Override
  public Outcome commit(Batch batch) throws SQLException, NotAppliedException {
    boolean oneByOne = false;
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = opened()) {
        Outcome outcome;
        try {
          connection.setAutoCommit(false);
          outcome = write(connection, batch, oneByOne);
        } catch (SQLException error) {
          rollBack(connection);
          oneByOne |= Sql.isOneOf(DEADLOCK, error);
          if (Sql.isOneOf(AGAIN, error) && attempt < ATTEMPTS) continue;
          throw new NotAppliedException("the database refused the batch", error);
        }
        if (outcome instanceof Outcome.Conflict) rollBack(connection);
        // Whatever this throws: nobody knows.
        else connection.commit();
        return outcome;
      }
    }
  }

  private Connection opened() throws NotAppliedException {
    try {
      return pool.getConnection();
    } catch (SQLException error) {
      throw new NotAppliedException("there is no connection", error);
    }
  }

  private static Outcome write(Connection connection, Batch batch, boolean oneByOne) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    try (Statement begin = connection.createStatement()) {
      begin.execute(BEGIN);
    }
    return new Writing(connection, batch, oneByOne).outcome();
  }

  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException broken) {
      // The database rolls back by itself when the connection is gone.
    }
  }

  @Override
  public long purge(long before, int limit) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try {
        long dropped = Purging.purge(connection, before, limit);
        connection.commit();
        return dropped;
      } catch (SQLException error) {
        rollBack(connection);
        throw error;
      }
    }
  }
}
