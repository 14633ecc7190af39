package io.countersign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.store.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Many threads and flat memory. Short here; the million calls are their own command: {@code ffi/java/test.sh
 * -Dtest=LoadTest -Dcalls=1000000}.
 */
class LoadTest {
  private static final int THREADS = 64;
  private static final long CALLS = Long.getLong("calls", 60_000);
  private static final long BATCH = 5_000;
  /** What may come and go between two looks, in bytes: pages of the allocator, stacks of threads. */
  private static final long SLACK = 32L << 20;

  /** Java's heap is in memory from the start (see the parent's pom.xml): what grows is the library, or the JVM. */
  private static long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }
    throw new IOException("no VmRSS");
  }

  private interface Work {
    void run(int thread, long call) throws Exception;
  }

  private static void fromAllThreads(long calls, Work work) throws Exception {
    AtomicLong left = new AtomicLong(calls);
    AtomicReference<Throwable> failed = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int number = 0; number < THREADS; number++) {
      int thread = number;
      threads.add(
          new Thread(
              () -> {
                try {
                  for (long call; failed.get() == null && (call = left.getAndDecrement()) > 0; ) work.run(thread, call);
                } catch (Throwable error) {
                  failed.compareAndSet(null, error);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) thread.join();
    if (failed.get() != null) throw new AssertionError(failed.get());
  }

  private void flat(String what, long calls, Work work) throws Exception {
    // Warm: compiled, the heap grown, every arena of the allocator touched.
    fromAllThreads(Math.max(calls / 4, 10_000), work);
    System.gc();
    long before = resident();
    long began = System.nanoTime();
    fromAllThreads(calls, work);
    double seconds = (System.nanoTime() - began) / 1e9;
    System.gc();
    long grown = resident() - before;
    System.out.printf("%s: %d calls, %d threads, %.1f s, memory %+d KiB%n", what, calls, THREADS, seconds, grown >> 10);
    if (Files.exists(Path.of("/proc/self/status"))) assertTrue(grown < SLACK, what + ": " + grown);
  }

  @Test
  void requests() throws Exception {
    try (Engine engine = Testing.memory()) {
      Request status = Testing.status();
      flat("requests", CALLS, (thread, call) -> assertEquals(200, engine.handle(status).status()));
    }
  }

  @Test
  void steps() throws Exception {
    try (Engine engine = Engine.builder(Testing.key()).store(new MemoryStore()).open().build()) {
      Request missing = Request.json("/rest/v3/application/detail", "{\"requestObject\":{\"applicationId\":\"none\"}}");
      // Each reads from the store in Java.
      flat("requests in steps", CALLS, (thread, call) -> assertEquals(400, engine.handle(missing).status()));
    }
  }

  @Test
  void enginesAndErrors() throws Exception {
    flat(
        "engines opened, used wrongly and closed",
        CALLS / 4,
        (thread, call) -> {
          Engine engine = Testing.memory();
          engine.close();
          try {
            engine.handle(Testing.status());
            throw new AssertionError("a closed engine answers");
          } catch (CountersignException closed) {
            assertEquals(ErrorCode.STALE_HANDLE, closed.code());
          }
        });
  }

  /** Nobody closes anything: the collector does, batch after batch. */
  @Test
  void whatIsForgottenIsFreed() throws Exception {
    try (Engine engine = Engine.builder(Testing.key()).store(new MemoryStore()).open().build()) {
      for (int round = 0; round < 4; round++) forget(engine);
      long before = resident();
      long batches = Math.max(CALLS / 4 / BATCH, 4);
      for (long round = 0; round < batches; round++) forget(engine);
      long grown = resident() - before;
      System.out.printf("calls forgotten: %d, memory %+d KiB%n", batches * BATCH, grown >> 10);
      assertTrue(grown < SLACK, "" + grown);
    }
  }

  private static void forget(Engine engine) throws Exception {
    AtomicLong open = new AtomicLong(BATCH);
    fromAllThreads(
        BATCH,
        (thread, call) -> {
          // Not the call itself, which would live as long as this.
          Engine.CLEANER.register(engine.begin(Testing.status()), open::decrementAndGet);
        });
    while (open.get() > 0) {
      System.gc();
      Thread.yield();
    }
  }
}
