package io.countersign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A phone for the tests of hosts. PINs and keys pass through texts: not for phones of people. Its commands are those of the
 * library's test phone, see docs/embedding.md.
 */
public final class TestPhone implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Function<Request, Response> server;
  private final LongSupplier clock;
  private final long handle;
  private final Cleaner.Cleanable cleanable;

  /** A phone did not get what it wanted: {@code kind} is {@code refused} when the server said no. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient JsonNode error;

    private Refused(JsonNode error) {
      super(error.path("kind").asText() + ": " + error.path("message").asText());
      this.error = error;
    }

    /** Kind, message, and of a refusal status and code. */
    public JsonNode error() {
      return error;
    }
  }

  /**
   * A phone.
   *
   * @param settings such as {@code mobileSdkConfig}, {@code version}, {@code seed}; or {@code state} of one that was saved
   * @param server answers its requests: an engine, or something that sends them over a network
   */
  public TestPhone(Map<String, ?> settings, Function<Request, Response> server) {
    this(settings, server, () -> 0);
  }

  /** With a clock of its own: milliseconds since 1970. */
  public TestPhone(Map<String, ?> settings, Function<Request, Response> server, LongSupplier clock) {
    this(json(settings), server, clock);
  }

  /** As above; the settings are JSON. */
  TestPhone(String settings, Function<Request, Response> server, LongSupplier clock) {
    this.server = server;
    this.clock = clock;
    this.handle = Native.number(Native.phone(settings.getBytes(StandardCharsets.UTF_8)));
    this.cleanable = Engine.CLEANER.register(this, new Freeing(handle));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException error) {
      throw new IllegalArgumentException("not JSON");
    }
  }

  /**
   * Does something, and sends what it takes.
   *
   * @param what the command, such as {@code activate}
   * @param members names and values in turn, such as {@code "pin", "1234"}
   * @return the result
   * @throws Refused when there is none
   */
  public JsonNode perform(String what, Object... members) {
    JsonNode answer = attempt(what, members);
    if (answer.has("error")) throw new Refused(answer.get("error"));
    return answer.path("result");
  }

  /** As {@link #perform}, with {@code result} or {@code error} in an object. */
  public JsonNode attempt(String what, Object... members) {
    ObjectNode command = JSON.createObjectNode().put("do", what);
    for (int at = 0; at + 1 < members.length; at += 2) command.set((String) members[at], JSON.valueToTree(members[at + 1]));
    return attempt(command);
  }

  /** As {@link #attempt(String, Object...)}, with a whole command. */
  public JsonNode attempt(JsonNode command) {
    try {
      return JSON.readTree(attemptText(json(command)));
    } catch (JsonProcessingException error) {
      throw new IllegalStateException(error);
    }
  }

  /** As above, JSON in and out as the library writes it. */
  synchronized String attemptText(String command) {
    try {
      byte[] message = Native.checked(Native.perform(handle, command.getBytes(StandardCharsets.UTF_8), clock.getAsLong()));
      while (message[Native.RESULT] != '{') {
        Response response = server.apply(Wire.phoneRequest(message));
        message = Native.checked(Native.answerPhone(handle, response.status(), response.body(), clock.getAsLong()));
      }
      return Native.text(message, Native.RESULT);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The header that signs a request of the caller's own. */
  public Request.Header signature(String method, String resource, byte[] body, String pin) {
    String text = new String(body, StandardCharsets.UTF_8);
    return header(perform("signatureHeader", "method", method, "uriId", resource, "body", text, "pin", pin));
  }

  /** The header with a token, made by {@code createToken} before. */
  public Request.Header token() {
    return header(perform("tokenHeader"));
  }

  private static Request.Header header(JsonNode result) {
    return new Request.Header(result.get("name").asText(), result.get("value").asText());
  }

  @Override
  public void close() {
    cleanable.clean();
  }

  private record Freeing(long handle) implements Runnable {
    @Override
    public void run() {
      Native.freePhone(handle);
    }
  }
}
