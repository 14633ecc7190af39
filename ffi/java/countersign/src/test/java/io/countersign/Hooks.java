package io.countersign;

import java.nio.charset.StandardCharsets;

/** What tests plant in a library with the feature {@code test-hooks}. */
final class Hooks {
  private Hooks() {}

  private static native byte[] panic(byte[] function);

  private static native void seed(long seed);

  /** From now on this native method panics inside; with an empty name none does. */
  static void plant(String method) {
    Native.abi();
    String function = method.isEmpty() ? "" : "Java_io_countersign_Native_" + method;
    Native.checked(panic(function.getBytes(StandardCharsets.UTF_8)));
  }

  /** From now on engines draw their randomness from a seed; from the system again with 0. */
  static void randomness(long seed) {
    Native.abi();
    seed(seed);
  }
}
