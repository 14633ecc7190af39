package io.countersign;

/** How much of the time the library itself took; needs one with the feature {@code test-hooks}. */
final class Inside {
  private Inside() {}

  /** Nanoseconds inside native methods since the last call of this one, over all threads. */
  static native long spent();
}
