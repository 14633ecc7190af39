package io.countersign;

import io.countersign.Request.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What to answer.
 *
 * @param status HTTP status
 * @param headers names in lower case, without content-length
 * @param body the body
 */
public record Response(int status, List<Header> headers, byte[] body) {
  /** The value of a header; null when it is not there. */
  public String header(String name) {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) return header.value();
    }
    return null;
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
