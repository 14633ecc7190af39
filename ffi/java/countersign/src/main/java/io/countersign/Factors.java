package io.countersign;

import java.util.Locale;

/** A combination of factors that a signature was made with. */
public enum Factors {
  /** The phone alone. */
  POSSESSION(1),
  /** The PIN alone. */
  KNOWLEDGE(2),
  /** Biometry alone. */
  BIOMETRY(4),
  /** Phone and PIN. */
  POSSESSION_KNOWLEDGE(8),
  /** Phone and biometry. */
  POSSESSION_BIOMETRY(16),
  /** All three. */
  POSSESSION_KNOWLEDGE_BIOMETRY(32);

  private final int bit;

  Factors(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }

  /** Null for none. */
  static Factors of(int bit) {
    for (Factors factors : values()) {
      if (factors.bit == bit) return factors;
    }
    return null;
  }

  /** As the protocol writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
