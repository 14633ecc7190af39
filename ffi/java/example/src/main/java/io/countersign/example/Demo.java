package io.countersign.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.Request;
import io.countersign.Response;
import io.countersign.TestPhone;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A user with a phone and a browser, over the network. */
final class Demo {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PIN = "1234";

  private final HttpClient network = HttpClient.newHttpClient();
  private final String address;
  private final PrintStream out;

  Demo(String address, PrintStream out) {
    this.address = address;
    this.out = out;
  }

  /** Plays everything; fails with an exception. */
  void play(String appConfiguration) throws IOException {
    try (TestPhone phone = new TestPhone(Map.of("mobileSdkConfig", appConfiguration), this::send)) {
      JsonNode code = JSON.readTree(web("POST", "/web/phones?user=alice", "", 200).body());
      phone.perform("activate", "code", code.get("activationCode").asText(), "pin", PIN);
      web("POST", "/web/phones/" + code.get("activationId").asText() + "/confirm", "", 200);
      out.println("the phone is active: " + code.get("activationId").asText());

      byte[] transfer = "{\"iban\":\"CZ6508000000192000145399\",\"amount\":100.50}".getBytes(StandardCharsets.UTF_8);
      Request.Header signature = phone.signature("POST", "/transfer", transfer, PIN);
      out.println("a signed transfer:     " + app("POST", "/app/transfer", signature, transfer, 200));
      app("POST", "/app/transfer", signature, transfer, 401);
      out.println("the same once more:    401");
      Request.Header other = phone.signature("POST", "/transfer", "{}".getBytes(StandardCharsets.UTF_8), PIN);
      app("POST", "/app/transfer", other, transfer, 401);
      out.println("another was signed:    401");
      app("POST", "/app/transfer", null, transfer, 401);
      out.println("nothing was signed:    401");

      phone.perform("createToken");
      out.println("the balance, by token: " + app("GET", "/app/balance", phone.token(), new byte[0], 200));
      app("GET", "/app/balance", null, new byte[0], 401);
      Object[] note = {"path", "/app/note", "body", "{\"text\":\"hello\"}"};
      out.println("an encrypted note:     " + phone.perform("encryptRequest", note).get("body").asText());

      JsonNode payment = JSON.readTree(web("POST", "/web/payments?user=alice", new String(transfer, StandardCharsets.UTF_8), 200).body());
      out.println("the web site asks:     " + payment);
      JsonNode waiting = phone.perform("listOperations").get("operations").get(0);
      out.println("the phone shows:       " + waiting.get("data").asText());
      phone.perform("approve", "id", waiting.get("id").asText(), "data", waiting.get("data").asText(), "pin", PIN);
      String after = web("GET", "/web/payments/" + payment.get("id").asText(), "", 200).text();
      if (!after.contains("APPROVED")) throw new IllegalStateException(after);
      out.println("approved on the phone: " + after);
    }
  }

  private Response web(String method, String path, String body, int status) {
    Request.Header json = new Request.Header("content-type", "application/json");
    int question = path.indexOf('?');
    String query = question < 0 ? null : path.substring(question + 1);
    String plain = question < 0 ? path : path.substring(0, question);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return expect(status, send(new Request(method, plain, query, List.of(json), bytes, null)));
  }

  private String app(String method, String path, Request.Header proof, byte[] body, int status) {
    Request request = new Request(method, path, null, List.of(new Request.Header("content-type", "application/json")), body, null);
    return expect(status, send(proof == null ? request : request.with(proof.name(), proof.value()))).text();
  }

  private static Response expect(int status, Response response) {
    if (response.status() == status) return response;
    throw new IllegalStateException("status " + response.status() + " instead of " + status + ": " + response.text());
  }

  /** Over the network. */
  Response send(Request request) {
    String query = request.query() == null ? "" : "?" + request.query();
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(address + request.path() + query));
    request.headers().forEach(header -> builder.header(header.name(), header.value()));
    builder.method(request.method(), BodyPublishers.ofByteArray(request.body()));
    try {
      HttpResponse<byte[]> answer = network.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Response(answer.statusCode(), List.of(), answer.body());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }
}
