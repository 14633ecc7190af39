package io.countersign;

/** The key that seals secrets before they are stored, and its number, which is written into everything it seals. */
public final class SealingKey {
  /** Length in bytes. */
  public static final int LENGTH = 32;

  private final int id;
  private final byte[] key;

  /**
   * @param id number of the key, 0 to 2^32 - 1 as an unsigned int
   * @param key 32 random bytes, copied
   */
  public SealingKey(int id, byte[] key) {
    if (key.length != LENGTH) throw new IllegalArgumentException("a sealing key has " + LENGTH + " bytes");
    this.id = id;
    this.key = key.clone();
  }

  int id() {
    return id;
  }

  byte[] bytes() {
    return key;
  }

  @Override
  public String toString() {
    return "SealingKey[id=" + Integer.toUnsignedString(id) + "]";
  }
}
