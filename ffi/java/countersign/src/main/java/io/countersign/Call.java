package io.countersign;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;

/**
 * A request on its way through an engine with a store of the host's, for hosts with a loop of their own; {@link
 * Engine#handle} has the usual one. Takes one step at a time; may change threads in between. Closing it at any point is as
 * if the process had ended there: a batch that was sent is applied or not.
 */
public final class Call implements AutoCloseable {
  /** What a step asks for. */
  public enum Kind {
    /** Read the queries. */
    READ,
    /** Commit the batch. */
    COMMIT,
    /** Nothing more. */
    END
  }

  /** A message of the engine's: docs/embedding.md describes the bytes behind the first one. */
  record Step(byte[] answer) {
    Kind kind() {
      return switch (Wire.kind(answer)) {
        case Wire.QUERIES -> Kind.READ;
        case Wire.BATCH -> Kind.COMMIT;
        default -> Kind.END;
      };
    }
  }

  private final long handle;
  private final Cleaner.Cleanable cleanable;

  Call(long handle) {
    this.handle = handle;
    this.cleanable = Engine.CLEANER.register(this, new Freeing(handle));
  }

  /** Name of the record that the call will change; empty when it changes none. */
  String lane() {
    try {
      return Native.text(Native.checked(Native.lane(handle)), Native.RESULT);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Takes a step, with the store's answer to the step before; null the first time. */
  Step step(byte[] previous, long nowMs) {
    try {
      return new Step(Native.checked(Native.step(handle, previous, nowMs)));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Seals the answer to a request whose check has passed: the message of a reply. */
  byte[] seal(byte[] plain, long nowMs) {
    try {
      return Native.checked(Native.seal(handle, plain, nowMs));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Ends the call; once is enough. */
  @Override
  public void close() {
    cleanable.clean();
  }

  /** Must not know the call, which would never become unreachable. */
  private record Freeing(long handle) implements Runnable {
    @Override
    public void run() {
      Native.free(handle);
    }
  }
}
