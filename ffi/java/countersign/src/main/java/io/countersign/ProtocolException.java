package io.countersign;

/** A command of {@link Protocol} has no result. The text is safe to log. */
public final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String kind;

  ProtocolException(String kind, String message) {
    super(kind + ": " + message);
    this.kind = kind;
  }

  /**
   * {@code malformed}: a text or an envelope is not what it should be; {@code failed}: it cannot be opened, or not be made.
   */
  public String kind() {
    return kind;
  }
}
