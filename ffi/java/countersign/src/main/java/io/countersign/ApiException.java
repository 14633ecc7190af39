package io.countersign;

/** The engine refused a request of an API, or its store failed. */
public class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  ApiException(int status, String code, String message) {
    super(code + ": " + message);
    this.status = status;
    this.code = code;
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** The API's code, such as {@code ERR0009}; its documents list them. {@code HTTP_401} without credentials. */
  public String code() {
    return code;
  }
}
