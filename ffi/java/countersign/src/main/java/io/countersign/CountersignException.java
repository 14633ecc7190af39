package io.countersign;

/**
 * A call of the library did not work. What the engine answers, a refusal too, is no exception but a {@link Response}. The
 * text is safe to log.
 */
public class CountersignException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  CountersignException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  /** What was wrong. */
  public ErrorCode code() {
    return code;
  }
}
