package io.countersign;

import io.countersign.store.Store;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The contract of a store, as the library examines its own: it asks, the store answers in several threads at the same
 * time. Needs a library with the feature {@code test-hooks}.
 */
public final class Suite {
  private static final int READ = 1;
  private static final int COMMIT = 2;
  private static final int OVER = 3;
  private static final int PURGE = 4;
  private static final int THREADS = 8;

  private static native byte[] begin(int number);

  private static native byte[] next(long suite);

  private static native byte[] reply(long suite, int ask, byte[] message);

  private static native byte[] free(long suite);

  private Suite() {}

  /** What came of a case: its name, and what is wrong, empty when nothing is. */
  public record Result(String name, String wrong) {}

  /** Runs a case over an empty store; null after the last one. */
  public static Result run(int number, Supplier<Store> empty) throws Exception {
    byte[] begun;
    try {
      // Loads the library.
      begun = Native.abi() == 0 ? null : Native.checked(begin(number));
    } catch (CountersignException end) {
      if (end.code() == ErrorCode.ARGUMENT) return null;
      throw end;
    }
    long suite = Native.number(begun);
    String name = Native.text(begun, Native.RESULT + 8);
    Store store = empty.get();
    AtomicReference<Throwable> failed = new AtomicReference<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (;;) {
        byte[] asked = Native.checked(next(suite));
        ByteBuffer head = ByteBuffer.wrap(asked, Native.RESULT, 8);
        int ask = head.getInt();
        int kind = head.getInt();
        if (kind == OVER) {
          if (failed.get() != null) throw new AssertionError(name, failed.get());
          return new Result(name, Native.text(asked, Native.RESULT + 8));
        }
        // As a native answer: the message behind one byte.
        byte[] message = Arrays.copyOfRange(asked, 8, asked.length);
        threads.execute(() -> {
          byte[] answer;
          try {
            answer = answer(store, kind, message);
          } catch (Throwable error) {
            failed.compareAndSet(null, error);
            answer = kind == READ ? Wire.notApplied() : Wire.unknown();
          }
          Native.checked(reply(suite, ask, answer));
        });
      }
    } finally {
      threads.shutdown();
      Native.checked(free(suite));
    }
  }

  private static byte[] answer(Store store, int kind, byte[] message) throws Exception {
    return switch (kind) {
      case READ -> Wire.answers(store.read(Wire.queries(message)));
      case COMMIT -> Wire.outcome(store.commit(Wire.batch(message)));
      case PURGE -> {
        ByteBuffer purge = ByteBuffer.wrap(message, Native.RESULT, 12);
        long dropped = store.purge(purge.getLong(), purge.getInt());
        yield ByteBuffer.allocate(8).putLong(dropped).array();
      }
      default -> throw new AssertionError("kind " + kind);
    };
  }
}
