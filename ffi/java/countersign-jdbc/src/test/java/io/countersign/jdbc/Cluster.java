package io.countersign.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A PostgreSQL of the tests' own, in a temporary folder. {@code COUNTERSIGN_POSTGRES_BIN} names the folder of its programs
 * when they are not where Debian puts them.
 */
final class Cluster implements AutoCloseable {
  private static final boolean ROOT = System.getProperty("user.name").equals("root");

  private final Path folder = Files.createTempDirectory("cs-pg-");
  private final Path programs = programs();
  private final AtomicInteger schemas = new AtomicInteger();
  private final Process server;
  private final int port;

  Cluster() throws Exception {
    if (ROOT) run(List.of("chown", "postgres", folder.toString()));
    String data = folder.resolve("data").toString();
    run(program("initdb", "--pgdata", data, "--username=bank", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"));
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String socket = folder.toString();
    List<String> command = program("postgres", "-D", data, "-k", socket, "-h", "127.0.0.1", "-p", "" + port);
    command.addAll(List.of("-c", "max_connections=100", "-c", "deadlock_timeout=50ms"));
    server = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile()).start();
    for (long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); !answers(); Thread.sleep(20)) {
      if (System.nanoTime() > until || !server.isAlive()) {
        throw new IllegalStateException("PostgreSQL does not start:\n" + Files.readString(folder.resolve("log")));
      }
    }
  }

  private static Path programs() throws IOException {
    String named = System.getenv("COUNTERSIGN_POSTGRES_BIN");
    if (named != null) return Path.of(named);
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        return versions.map(version -> version.resolve("bin")).filter(bin -> Files.exists(bin.resolve("initdb")))
            .max(Comparator.naturalOrder()).orElseThrow();
      }
    }
    for (String place : System.getenv("PATH").split(File.pathSeparator)) {
      if (Files.exists(Path.of(place, "initdb"))) return Path.of(place);
    }
    throw new IllegalStateException("initdb is missing: apt-get install postgresql, or set COUNTERSIGN_POSTGRES_BIN");
  }

  /** A program of PostgreSQL's, which refuses to be root. */
  private List<String> program(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    if (ROOT) command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
    command.add(programs.resolve(name).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private void run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) throw new IllegalStateException(command + ": " + said);
  }

  private boolean answers() {
    try {
      DriverManager.getConnection(url("")).close();
      return true;
    } catch (SQLException notYet) {
      return false;
    }
  }

  String url(String options) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=bank" + options;
  }

  /** A pool of connections over a schema of its own, which has no tables. */
  HikariDataSource schema() throws SQLException {
    String name = "s" + schemas.incrementAndGet();
    sql("CREATE SCHEMA " + name);
    return pool(name);
  }

  HikariDataSource pool(String schema) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url("&currentSchema=" + schema));
    config.setMaximumPoolSize(8);
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  void sql(String statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url("")); Statement statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  /** As a crash would. */
  void kill() throws InterruptedException {
    server.toHandle().children().forEach(ProcessHandle::destroyForcibly);
    server.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws Exception {
    server.destroy();
    if (!server.waitFor(20, TimeUnit.SECONDS)) server.destroyForcibly().waitFor();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
