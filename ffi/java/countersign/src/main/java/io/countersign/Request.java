package io.countersign;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTP request as the host received it.
 *
 * @param method in upper case
 * @param path below the mount point, without the query, not decoded
 * @param query without the question mark; null when there is none
 * @param headers in the order received
 * @param body the exact bytes; not to be changed until the request was handled
 * @param peer address of the caller, for the record; null when not known
 */
public record Request(String method, String path, String query, List<Header> headers, byte[] body, String peer) {
  /** One header. */
  public record Header(String name, String value) {}

  /** Checks that nothing is missing. */
  public Request {
    if (method == null) throw new IllegalArgumentException("method");
    if (path == null) throw new IllegalArgumentException("path");
    if (body == null) throw new IllegalArgumentException("body");
    headers = List.copyOf(headers);
  }

  /** A POST with JSON in UTF-8. */
  public static Request json(String path, byte[] body) {
    return new Request("POST", path, null, List.of(new Header("content-type", "application/json")), body, null);
  }

  /** A POST with JSON. */
  public static Request json(String path, String body) {
    return json(path, body.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with one more header. */
  public Request with(String name, String value) {
    List<Header> more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new Request(method, path, query, more, body, peer);
  }

  /** The same as an HTTP request to another path. */
  public Request at(String other) {
    return new Request(method, other, query, headers, body, peer);
  }
}
