package io.countersign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.store.Answer;
import io.countersign.store.AsyncStore;
import io.countersign.store.Batch;
import io.countersign.store.MemoryStore;
import io.countersign.store.NotAppliedException;
import io.countersign.store.Outcome;
import io.countersign.store.Query;
import io.countersign.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
  /** The blocking one, without blocking. */
  record Async(Store store) implements AsyncStore {
    @Override
    public CompletionStage<List<Answer>> read(List<Query> queries) {
      return CompletableFuture.supplyAsync(() -> call(() -> store.read(queries)));
    }

    @Override
    public CompletionStage<Outcome> commit(Batch batch) {
      return CompletableFuture.supplyAsync(() -> call(() -> store.commit(batch)));
    }

    private interface Work<T> {
      T run() throws Exception;
    }

    private static <T> T call(Work<T> work) {
      try {
        return work.run();
      } catch (Exception error) {
        throw new CompletionException(error);
      }
    }
  }

  private static ErrorCode codeOf(Runnable call) {
    return assertThrows(CountersignException.class, call::run).code();
  }

  @Test
  void everyKindOfStoreAnswers(@TempDir Path folder) {
    List<Engine.Builder> builders =
        List.of(
            Engine.builder(Testing.key()).memory(),
            Engine.builder(Testing.key()).sqlite(folder.resolve("records.db")),
            Engine.builder(Testing.key()).store(new MemoryStore()),
            Engine.builder(Testing.key()).store(new Async(new MemoryStore())));
    for (Engine.Builder builder : builders) {
      try (Engine engine = builder.open().build()) {
        assertEquals(200, engine.handle(Testing.status()).status());
        assertEquals(200, engine.handle(Testing.createApplication("bank")).status());
        Response twice = engine.handleAsync(Testing.createApplication("bank")).join();
        assertEquals(400, twice.status(), twice.text());
        assertEquals("application/json", twice.header("Content-Type"));
        Response unknown = engine.handle(new Request("GET", "/nowhere", "a=%20", List.of(), new byte[0], "192.0.2.1"));
        assertEquals(404, unknown.status());
      }
    }
  }

  @Test
  void sqliteKeepsWhatWasWritten(@TempDir Path folder) {
    Path file = folder.resolve("records.db");
    for (int status : new int[] {200, 400}) {
      try (Engine engine = Engine.builder(Testing.key()).sqlite(file).open().build()) {
        assertEquals(status, engine.handle(Testing.createApplication("bank")).status());
      }
    }
    assertEquals(
        ErrorCode.STORE_OPEN,
        codeOf(() -> Engine.builder(Testing.key()).sqlite(folder.resolve("absent/records.db")).build()));
  }

  @Test
  void aClosedServerApiNeedsCredentials() {
    try (Engine engine = Engine.builder(Testing.key()).memory().build()) {
      assertEquals(401, engine.handle(Testing.createApplication("bank")).status());
    }
  }

  @Test
  void useAfterCloseIsAnException() {
    Engine engine = Testing.memory();
    engine.close();
    engine.close();
    assertEquals(ErrorCode.STALE_HANDLE, codeOf(() -> engine.handle(Testing.status())));
    Engine steps = Engine.builder(Testing.key()).store(new MemoryStore()).open().build();
    Call call = steps.begin(Testing.status());
    steps.close();
    assertEquals(ErrorCode.STALE_HANDLE, codeOf(() -> steps.handle(Testing.status())));
    assertEquals(Call.Kind.END, call.step(null, 0).kind());
    assertEquals(ErrorCode.FINISHED, codeOf(() -> call.step(null, 0)));
    call.close();
    call.close();
    assertEquals(ErrorCode.STALE_HANDLE, codeOf(() -> call.step(null, 0)));
  }

  @Test
  void closeDuringUseIsSafe() throws Exception {
    for (int round = 0; round < 20; round++) {
      Engine engine = Testing.memory();
      AtomicInteger answered = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      List<Throwable> wrong = Collections.synchronizedList(new ArrayList<>());
      for (int number = 0; number < 8; number++) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    for (;;) {
                      assertEquals(200, engine.handle(Testing.status()).status());
                      answered.incrementAndGet();
                    }
                  } catch (CountersignException closed) {
                    if (closed.code() != ErrorCode.STALE_HANDLE) wrong.add(closed);
                  } catch (Throwable error) {
                    wrong.add(error);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      while (answered.get() < 10) Thread.onSpinWait();
      engine.close();
      for (Thread thread : threads) thread.join();
      assertEquals(List.of(), wrong);
    }
  }

  @Test
  void wrongInputIsAnException() {
    assertThrows(IllegalArgumentException.class, () -> new SealingKey(1, new byte[31]));
    assertThrows(IllegalStateException.class, () -> Engine.builder(Testing.key()).build());
    assertThrows(IllegalStateException.class, () -> Engine.builder(Testing.key()).memory().memory());
    assertThrows(IllegalArgumentException.class, () -> Request.json(null, "{}"));
    assertEquals("SealingKey[id=1]", Testing.key().toString());
    try (Engine engine = Testing.memory()) {
      Request longPath = Request.json("/" + "x".repeat(70_000), "{}");
      assertThrows(IllegalArgumentException.class, () -> engine.handle(longPath));
      Request wide = new Request("POST", "/rest/v3/status", null, List.of(), new byte[70_000], null);
      assertEquals(413, engine.handle(wide).status());
      Request huge = new Request("POST", "/rest/v3/status", null, List.of(), new byte[80 << 20], null);
      assertEquals(ErrorCode.LENGTH, codeOf(() -> engine.handle(huge)));
      assertEquals(200, engine.handle(Testing.status()).status());
    }
  }

  @Test
  void theNativeMethodsRefuseWhatTheClassesNeverPass() {
    byte[] key = new byte[32];
    byte[] none = {};
    byte[] status = Wire.request(Testing.status());
    long engine = Native.number(Native.open(1, key, 1, 1, none));
    assertEquals(ErrorCode.NULL_POINTER, codeOf(() -> Native.checked(Native.open(1, null, 1, 1, none))));
    assertEquals(ErrorCode.NULL_POINTER, codeOf(() -> Native.checked(Native.open(1, key, 1, 1, null))));
    assertEquals(ErrorCode.ARGUMENT, codeOf(() -> Native.checked(Native.open(1, none, 1, 1, none))));
    assertEquals(ErrorCode.ARGUMENT, codeOf(() -> Native.checked(Native.open(1, key, 6, 1, none))));
    assertEquals(ErrorCode.ARGUMENT, codeOf(() -> Native.checked(Native.open(1, key, 1, 77, none))));
    assertEquals(ErrorCode.ARGUMENT, codeOf(() -> Native.checked(Native.open(1, key, 1, 2, none))));
    assertEquals(ErrorCode.NOT_UTF8, codeOf(() -> Native.checked(Native.open(1, key, 1, 2, new byte[] {-1}))));
    assertEquals(ErrorCode.NULL_POINTER, codeOf(() -> Native.checked(Native.handle(engine, null, 0))));
    assertEquals(ErrorCode.MALFORMED, codeOf(() -> Native.checked(Native.handle(engine, none, 0))));
    for (int end = 0; end < status.length; end++) {
      byte[] cut = Arrays.copyOf(status, end);
      assertEquals(ErrorCode.MALFORMED, codeOf(() -> Native.checked(Native.handle(engine, cut, 0))));
    }
    byte[] huge = new byte[80 << 20];
    assertEquals(ErrorCode.LENGTH, codeOf(() -> Native.checked(Native.handle(engine, huge, 0))));
    byte[] notText = status.clone();
    notText[5] = -1;
    assertEquals(ErrorCode.MALFORMED, codeOf(() -> Native.checked(Native.handle(engine, notText, 0))));
    assertEquals(ErrorCode.NO_STORE, codeOf(() -> Native.checked(Native.handle(
        Native.number(Native.open(1, key, 1, 0, none)), status, 0))));
    assertEquals(ErrorCode.OWN_STORE, codeOf(() -> Native.checked(Native.begin(engine, status))));
    for (long wrong : new long[] {0, 7, -1, Long.MIN_VALUE, engine + 1}) {
      assertEquals(ErrorCode.UNKNOWN_HANDLE, codeOf(() -> Native.checked(Native.handle(wrong, status, 0))));
      assertEquals(ErrorCode.UNKNOWN_HANDLE, codeOf(() -> Native.checked(Native.begin(wrong, status))));
      assertEquals(ErrorCode.UNKNOWN_HANDLE, codeOf(() -> Native.checked(Native.lane(wrong))));
      assertEquals(ErrorCode.UNKNOWN_HANDLE, codeOf(() -> Native.checked(Native.step(wrong, null, 0))));
    }
    assertEquals(ErrorCode.WRONG_HANDLE, codeOf(() -> Native.checked(Native.step(engine, null, 0))));
    assertEquals(ErrorCode.WRONG_HANDLE, codeOf(() -> Native.checked(Native.free(engine))));
    assertEquals(ErrorCode.UNKNOWN_HANDLE, codeOf(() -> Native.checked(Native.close(77))));
    Native.checked(Native.close(engine));
    assertEquals(ErrorCode.STALE_HANDLE, codeOf(() -> Native.checked(Native.close(engine))));
  }

  @Test
  void codesAreThoseOfTheLibrary() {
    String[] lines = Native.text(Native.checked(Native.codes()), Native.RESULT).split("\n");
    for (String line : lines) {
      String[] fields = line.split("\t");
      if (fields[1].equals("ok")) continue;
      ErrorCode code = ErrorCode.of(Integer.parseInt(fields[0]));
      assertEquals(fields[1].toUpperCase(Locale.ROOT), code.name());
    }
    // Without "ok", with OTHER.
    assertEquals(lines.length, ErrorCode.values().length);
  }

  @Test
  void aStoreThatFailsIsAnAnswer() throws Exception {
    AtomicBoolean failing = new AtomicBoolean();
    MemoryStore memory = new MemoryStore();
    List<Throwable> heard = Collections.synchronizedList(new ArrayList<>());
    Store store =
        new Store() {
          @Override
          public List<Answer> read(List<Query> queries) throws Exception {
            if (failing.get()) throw new IOException("down");
            return memory.read(queries);
          }

          @Override
          public Outcome commit(Batch batch) throws Exception {
            // Lost, but applied: the engine finds out and counts once.
            Outcome outcome = memory.commit(batch);
            if (outcome instanceof Outcome.Applied) throw new IOException("lost");
            return outcome;
          }
        };
    for (boolean async : new boolean[] {false, true}) {
      Engine.Builder builder = Engine.builder(Testing.key()).open().onStoreError(heard::add);
      try (Engine engine = (async ? builder.store(new Async(store)) : builder.store(store)).build()) {
        failing.set(true);
        assertEquals(503, engine.handle(Testing.createApplication("bank" + async)).status());
        failing.set(false);
        Response created = engine.handle(Testing.createApplication("bank" + async));
        assertEquals(200, created.status(), created.text());
        assertEquals(400, engine.handle(Testing.createApplication("bank" + async)).status());
      }
    }
    assertTrue(heard.stream().allMatch(IOException.class::isInstance), heard::toString);
    Store refusing =
        new Store() {
          @Override
          public List<Answer> read(List<Query> queries) {
            return new MemoryStore().read(queries);
          }

          @Override
          public Outcome commit(Batch batch) throws Exception {
            throw new NotAppliedException("full", null);
          }
        };
    try (Engine engine = Engine.builder(Testing.key()).open().onStoreError(heard::add).store(refusing).build()) {
      assertEquals(503, engine.handle(Testing.createApplication("bank")).status());
    }
  }

  @Test
  void aStoreThatNeverAnswersIsGivenUp() {
    AsyncStore silent =
        new AsyncStore() {
          @Override
          public CompletionStage<List<Answer>> read(List<Query> queries) {
            return new CompletableFuture<>();
          }

          @Override
          public CompletionStage<Outcome> commit(Batch batch) {
            return new CompletableFuture<>();
          }
        };
    Engine.Builder builder = Engine.builder(Testing.key()).open().store(silent).onStoreError(error -> {});
    try (Engine engine = builder.storeTimeout(Duration.ofMillis(20)).build()) {
      assertEquals(503, engine.handle(Testing.createApplication("bank")).status());
    }
  }

  @Test
  void callsOfOneLaneTakeTurns() throws ExecutionException, InterruptedException {
    AtomicInteger conflicts = new AtomicInteger();
    MemoryStore memory = new MemoryStore();
    Store store =
        new Store() {
          @Override
          public List<Answer> read(List<Query> queries) {
            return memory.read(queries);
          }

          @Override
          public Outcome commit(Batch batch) {
            Outcome outcome = memory.commit(batch);
            if (outcome instanceof Outcome.Conflict) conflicts.incrementAndGet();
            return outcome;
          }
        };
    for (boolean async : new boolean[] {false, true}) {
      Engine.Builder builder = Engine.builder(Testing.key()).open();
      try (Engine engine = (async ? builder.store(new Async(store)) : builder.store(store)).build()) {
        String application = "app" + async;
        assertEquals(200, engine.handle(Testing.createApplication(application)).status());
        String init = "{\"requestObject\":{\"applicationId\":\"" + application + "\",\"userId\":\"alice\"}}";
        Response made = engine.handle(Request.json("/rest/v3/activation/init", init));
        String id = made.text().replaceAll(".*\"activationId\":\"([^\"]*)\".*", "$1");
        List<CompletableFuture<Response>> all = new ArrayList<>();
        for (int number = 0; number < 64; number++) {
          String body = "{\"requestObject\":{\"activationId\":\"" + id + "\",\"activationFlags\":[\"F" + number + "\"]}}";
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          all.add(engine.handleAsync(Request.json("/rest/v3/activation/flags/create", bytes)));
        }
        for (CompletableFuture<Response> one : all) assertEquals(200, one.get().status(), one.get().text());
      }
    }
    assertEquals(0, conflicts.get());
  }
}
