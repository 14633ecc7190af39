package io.countersign.store;

/**
 * Thrown by a store to promise that a batch was not applied. After any other exception the engine takes it as possible
 * that it was, and finds out.
 */
public class NotAppliedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With its cause. */
  public NotAppliedException(String message, Throwable cause) {
    super(message, cause);
  }
}
