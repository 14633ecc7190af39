package io.countersign.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.countersign.Engine;
import io.countersign.Request;
import io.countersign.SealingKey;
import io.countersign.Suite;
import io.countersign.store.Batch;
import io.countersign.store.NotAppliedException;
import io.countersign.store.Write;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresStoreTest {
  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = new Cluster();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @Test
  void keepsTheContract() throws Exception {
    int count = 0;
    try (HikariDataSource pool = cluster.schema()) {
      PostgresStore store = new PostgresStore(pool);
      store.migrate();
      for (Suite.Result result; (result = Suite.run(count, () -> emptied(pool, store))) != null; count++) {
        assertEquals("", result.wrong(), result.name());
      }
    }
    System.out.println(count + " cases");
    assertTrue(count > 30);
  }

  private static PostgresStore emptied(HikariDataSource pool, PostgresStore store) {
    try (var connection = pool.getConnection(); var statement = connection.createStatement()) {
      connection.setAutoCommit(true);
      statement.execute("TRUNCATE cs_record, cs_entry");
      return store;
    } catch (SQLException error) {
      throw new AssertionError(error);
    }
  }

  private static Request create(String application) {
    return Request.json("/rest/v3/application/create", "{\"requestObject\":{\"applicationId\":\"" + application + "\"}}");
  }

  private static Engine.Builder engine() {
    return Engine.builder(new SealingKey(1, new byte[32])).open();
  }

  @Test
  void twoEnginesShareOneDatabase() throws Exception {
    try (HikariDataSource pool = cluster.schema();
        HikariDataSource other = cluster.pool(pool.getJdbcUrl().replaceAll(".*currentSchema=", ""))) {
      new PostgresStore(pool).migrate();
      new PostgresStore(other).migrate();
      try (Engine first = engine().store(new PostgresStore(pool)).build();
          Engine second = engine().store(new PostgresStore(other)).build()) {
        for (int number = 0; number < 10; number++) {
          String name = "bank" + number;
          CompletableFuture<Integer> one = CompletableFuture.supplyAsync(() -> first.handle(create(name)).status());
          int two = second.handle(create(name)).status();
          // Exactly one of them has made it.
          assertEquals(600, one.join() + two);
        }
      }
    }
  }

  @Test
  void manyMigrateAtOnce() throws Exception {
    try (HikariDataSource pool = cluster.schema()) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int number = 0; number < 8; number++) {
        all.add(CompletableFuture.runAsync(() -> {
          try {
            new PostgresStore(pool).migrate();
          } catch (SQLException error) {
            throw new AssertionError(error);
          }
        }));
      }
      all.forEach(CompletableFuture::join);
      try (var connection = pool.getConnection(); var statement = connection.createStatement()) {
        connection.setAutoCommit(true);
        statement.execute("UPDATE cs_layout SET version = 99");
      }
      SQLException newer = assertThrows(SQLException.class, () -> new PostgresStore(pool).migrate());
      assertTrue(newer.getMessage().contains("newer release"), newer::getMessage);
    }
  }

  @Test
  void aDatabaseThatIsGoneIsAnAnswer() throws Exception {
    try (Cluster own = new Cluster(); HikariDataSource pool = own.schema()) {
      pool.setConnectionTimeout(500);
      PostgresStore store = new PostgresStore(pool);
      store.migrate();
      List<Throwable> heard = new ArrayList<>();
      try (Engine engine = engine().store(store).onStoreError(heard::add).build()) {
        assertEquals(200, engine.handle(create("bank")).status());
        own.kill();
        assertEquals(503, engine.handle(create("bank2")).status());
        Batch batch = new Batch(new byte[16], List.of(new Write.Append("a", "b", new byte[1], null, List.of())));
        assertThrows(NotAppliedException.class, () -> store.commit(batch));
      }
      assertTrue(!heard.isEmpty());
    }
  }
}
