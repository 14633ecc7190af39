package io.countersign;

import io.countersign.api.admin.AdminApi;
import io.countersign.api.cloud.CloudApi;
import io.countersign.api.server.ServerApi;
import io.countersign.store.AsyncStore;
import io.countersign.store.Store;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * An engine and its store. Serves any number of threads. Closing it while others use it is safe: what they have begun
 * ends, what they begin later throws a {@link CountersignException} with {@link ErrorCode#STALE_HANDLE}.
 */
public final class Engine implements AutoCloseable {
  static final Cleaner CLEANER = Cleaner.create();

  private static final int OPEN = 1;
  private static final int HOST = 0;
  private static final int MEMORY = 1;
  private static final int SQLITE = 2;

  private final long handle;
  private final Cleaner.Cleanable cleanable;
  private final Store store;
  private final AsyncStore asyncStore;
  private final Driver driver;
  private final Executor executor;
  private final LongSupplier clock;

  private Engine(Builder builder) {
    byte[] path = builder.path.getBytes(StandardCharsets.UTF_8);
    int flags = builder.open ? OPEN : 0;
    store = builder.store;
    asyncStore = builder.asyncStore;
    executor = builder.executor;
    clock = builder.clock;
    driver = new Driver(clock, builder.storeTimeout, builder.onStoreError);
    SealingKey key = builder.key;
    handle = Native.number(Native.open(key.id(), key.bytes(), flags, builder.kind, path));
    cleanable = CLEANER.register(this, new Closing(handle));
  }

  /** Begins the description of an engine; it needs a store. */
  public static Builder builder(SealingKey key) {
    return new Builder(key);
  }

  /** How an engine is opened. */
  public static final class Builder {
    private final SealingKey key;
    private int kind = -1;
    private String path = "";
    private Store store;
    private AsyncStore asyncStore;
    private boolean open;
    private LongSupplier clock = () -> 0;
    private Executor executor = ForkJoinPool.commonPool();
    private Duration storeTimeout = Duration.ofSeconds(10);
    private Consumer<Throwable> onStoreError = Builder::log;

    private Builder(SealingKey key) {
      if (key == null) throw new IllegalArgumentException("key");
      this.key = key;
    }

    private static void log(Throwable error) {
      System.getLogger(Engine.class.getName()).log(System.Logger.Level.WARNING, "the store failed", error);
    }

    private Builder store(int kind, String path, Store store, AsyncStore asyncStore) {
      if (this.kind != -1) throw new IllegalStateException("an engine has one store");
      this.kind = kind;
      this.path = path;
      this.store = store;
      this.asyncStore = asyncStore;
      return this;
    }

    /** Records in the library's memory, gone with the engine. */
    public Builder memory() {
      return store(MEMORY, "", null, null);
    }

    /** Records in a SQLite file. */
    public Builder sqlite(Path file) {
      return store(SQLITE, file.toString(), null, null);
    }

    /** Records in a store of the host's. */
    public Builder store(Store store) {
      if (store == null) throw new IllegalArgumentException("store");
      return store(HOST, "", store, null);
    }

    /** Records in a store of the host's that does not block. */
    public Builder store(AsyncStore store) {
      if (store == null) throw new IllegalArgumentException("store");
      return store(HOST, "", null, store);
    }

    /** The server API answers anybody: for a host that calls it in the process and does not mount it. */
    public Builder open() {
      open = true;
      return this;
    }

    /** Milliseconds since 1970, instead of the system's clock: for tests. */
    public Builder clock(LongSupplier clock) {
      this.clock = clock;
      return this;
    }

    /** Runs what {@link Engine#handleAsync} begins; the common pool. Stores that block deserve threads of their own. */
    public Builder executor(Executor executor) {
      this.executor = executor;
      return this;
    }

    /** After which a stage of an {@link AsyncStore} counts as lost; 10 seconds. A blocking store has its own. */
    public Builder storeTimeout(Duration timeout) {
      this.storeTimeout = timeout;
      return this;
    }

    /** Hears what the store threw; callers of the engine never do. It is logged otherwise. */
    public Builder onStoreError(Consumer<Throwable> listener) {
      this.onStoreError = listener;
      return this;
    }

    /**
     * Opens the engine.
     *
     * @throws CountersignException when the store cannot be opened
     */
    public Engine build() {
      if (kind == -1) throw new IllegalStateException("an engine needs a store");
      return new Engine(this);
    }
  }

  /**
   * Answers a request of any API family; blocks until the answer is durable. A store that fails makes an answer with
   * status 503.
   *
   * @throws CountersignException when the engine was closed
   */
  public Response handle(Request request) {
    byte[] message = Wire.request(request);
    if (builtIn()) return Wire.reply(handled(message));
    if (asyncStore != null) return joined(handleAsync(request));
    try (Call call = begun(message)) {
      return Wire.reply(driver.drive(call, store).answer());
    }
  }

  /** Answers a request without blocking the caller: on the executor, or where an {@link AsyncStore} completes. */
  public CompletableFuture<Response> handleAsync(Request request) {
    if (asyncStore == null) return CompletableFuture.supplyAsync(() -> handle(request), executor);
    Call call = begin(request);
    return driver
        .drive(call, asyncStore, executor)
        .whenComplete((step, error) -> call.close())
        .thenApply(step -> Wire.reply(step.answer()));
  }

  /**
   * Judges a request to a route of the host's own; its path is not looked at. Blocks until what was counted is durable.
   *
   * @throws CountersignException when the engine was closed
   */
  public Verdict check(Guard guard, Request request) {
    byte[] message = Wire.request(request);
    if (builtIn()) {
      byte[] answer = checked(guard, message);
      long sealer = ByteBuffer.wrap(answer).getLong(answer.length - Long.BYTES);
      return Wire.verdict(answer, sealer == 0 ? null : new Call(sealer), clock);
    }
    if (asyncStore != null) return joined(checkAsync(guard, request));
    Call call = begunCheck(guard, message);
    try {
      return Wire.verdict(driver.drive(call, store).answer(), call, clock);
    } catch (RuntimeException | Error error) {
      call.close();
      throw error;
    }
  }

  /** As {@link #check}, without blocking the caller, as {@link #handleAsync}. */
  public CompletableFuture<Verdict> checkAsync(Guard guard, Request request) {
    if (asyncStore == null) return CompletableFuture.supplyAsync(() -> check(guard, request), executor);
    Call call = begunCheck(guard, Wire.request(request));
    return driver
        .drive(call, asyncStore, executor)
        .whenComplete(
            (step, error) -> {
              if (error != null) call.close();
            })
        .thenApply(step -> Wire.verdict(step.answer(), call, clock));
  }

  private byte[] checked(Guard g, byte[] request) {
    try {
      return Native.checked(
          Native.check(handle, g.proof, g.encryption, g.factors, g.flags, g.resource, g.maxBody, request, clock.getAsLong()));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private Call begunCheck(Guard g, byte[] request) {
    try {
      return new Call(
          Native.number(
              Native.beginCheck(handle, g.proof, g.encryption, g.factors, g.flags, g.resource, g.maxBody, request)));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The methods of the server API, on an engine that is open. */
  public ServerApi server() {
    return new ServerApi(new ApiCaller(this));
  }

  /** The methods of the server API, with credentials of an integration. */
  public ServerApi server(String user, String password) {
    return new ServerApi(new ApiCaller(this, user, password));
  }

  /** The methods of the cloud API, with credentials of an application. */
  public CloudApi cloud(String user, String password) {
    return new CloudApi(new ApiCaller(this, user, password));
  }

  /** The methods of the administration, on an engine that is open. */
  public AdminApi admin() {
    return new AdminApi(new ApiCaller(this));
  }

  /** The methods of the administration, with credentials of an administrator. */
  public AdminApi admin(String user, String password) {
    return new AdminApi(new ApiCaller(this, user, password));
  }

  private boolean builtIn() {
    return store == null && asyncStore == null;
  }

  private byte[] handled(byte[] message) {
    try {
      return Native.checked(Native.handle(handle, message, clock.getAsLong()));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  Call begin(Request request) {
    return begun(Wire.request(request));
  }

  private Call begun(byte[] message) {
    try {
      return new Call(Native.number(Native.begin(handle, message)));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException error) {
      if (error.getCause() instanceof RuntimeException cause) throw cause;
      throw error;
    }
  }

  /** Closes the engine; once is enough. */
  @Override
  public void close() {
    cleanable.clean();
  }

  /** Must not know the engine, which would never become unreachable. */
  private record Closing(long handle) implements Runnable {
    @Override
    public void run() {
      Native.close(handle);
    }
  }
}
