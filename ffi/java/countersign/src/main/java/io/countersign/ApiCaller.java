package io.countersign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.countersign.Request.Header;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What the generated methods call: an engine, as one caller of it. */
public final class ApiCaller {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Engine engine;
  private final String authorization;

  /** Without credentials, for an engine that is open. */
  ApiCaller(Engine engine) {
    this.engine = engine;
    this.authorization = null;
  }

  /** With those of an integration, an application or an administrator. */
  ApiCaller(Engine engine, String user, String password) {
    this.engine = engine;
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /**
   * Sends a request and reads its answer.
   *
   * @param query null when there is none
   * @param body null when there is none
   * @throws ApiException when the answer is no
   */
  public <T> T call(String method, String path, String query, Object body, Class<T> answer) {
    return call(method, path, query, body, JSON.constructType(answer));
  }

  /** As {@link #call}, where the answer is a list. */
  public <T> List<T> list(String method, String path, String query, Object body, Class<T> item) {
    return call(method, path, query, body, JSON.getTypeFactory().constructCollectionType(List.class, item));
  }

  private <T> T call(String method, String path, String query, Object body, JavaType answer) {
    List<Header> headers = new ArrayList<>(2);
    byte[] json = {};
    try {
      if (body != null) {
        headers.add(new Header("content-type", "application/json"));
        json = JSON.writeValueAsBytes(body);
      }
      if (authorization != null) headers.add(new Header("authorization", authorization));
      Response response = engine.handle(new Request(method, path, query, headers, json, null));
      if (response.status() != 200) throw refusal(response);
      return JSON.readValue(response.body(), answer);
    } catch (JsonProcessingException error) {
      // Its text may have values in it.
      throw new IllegalArgumentException("not " + (body == null ? answer.getRawClass() : body.getClass()).getSimpleName());
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static ApiException refusal(Response response) {
    JsonNode error;
    try {
      error = JSON.readTree(response.body()).path("responseObject");
    } catch (IOException notJson) {
      error = JSON.missingNode();
    }
    String code = error.path("code").asText("HTTP_" + response.status());
    return new ApiException(response.status(), code, error.path("message").asText(""));
  }

  /** For a place in a path or a query. */
  public static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A query of names and values, those that are null left out; null when nothing is left. */
  public static String query(String... pairs) {
    StringBuilder query = new StringBuilder();
    for (int at = 0; at + 1 < pairs.length; at += 2) {
      if (pairs[at + 1] == null) continue;
      if (!query.isEmpty()) query.append('&');
      query.append(encode(pairs[at])).append('=').append(encode(pairs[at + 1]));
    }
    return query.isEmpty() ? null : query.toString();
  }
}
