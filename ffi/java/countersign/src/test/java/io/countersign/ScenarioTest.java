package io.countersign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.Request.Header;
import io.countersign.store.MemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plays the flow that every language plays (ffi/scenario) and compares the transcript byte by byte. */
class ScenarioTest {
  private static final Path FOLDER = Path.of("../../scenario");

  private final Map<String, Guard> guards = new HashMap<>();
  private final Map<String, TestPhone> phones = new HashMap<>();
  private final Map<String, String> kept = new HashMap<>();
  private final StringBuilder transcript = new StringBuilder();
  private String output = "";
  private Engine engine;
  private long now;
  private boolean ownStore;

  @AfterEach
  void noSeed() {
    Hooks.randomness(0);
  }

  private void say(char sign, String what) {
    transcript.append(sign).append(' ').append(what).append('\n');
  }

  private Response answer(Request request) {
    Guard guard = guards.get(request.path());
    Response response = guard == null ? engine.handle(request) : judged(guard, request);
    say('<', Integer.toString(response.status()));
    say('<', response.text());
    return response;
  }

  private Response judged(Guard guard, Request request) {
    Verdict verdict = engine.check(guard, request);
    if (verdict instanceof Verdict.Refused refused) return refused.response();
    try (Verdict.Passed passed = (Verdict.Passed) verdict) {
      Caller.Activation activation = passed.caller().activation();
      boolean known = activation != null;
      int factors = known && activation.factors() != null ? activation.factors().bit() : 0;
      int length = passed.body() == null ? request.body().length : passed.body().length;
      String body =
          "{\"application\":\"%s\",\"version\":\"%s\",\"activation\":\"%s\",\"user\":\"%s\",\"factors\":%d,\"flags\":%d,\"length\":%d}"
              .formatted(
                  passed.caller().applicationId(),
                  passed.caller().version(),
                  known ? activation.activationId() : "",
                  known ? activation.userId() : "",
                  factors,
                  known ? activation.flags().size() : 0,
                  length);
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      return passed.body() == null ? new Response(200, List.of(), bytes) : passed.seal(bytes);
    }
  }

  private Response fromPhone(Request request) {
    say('>', request.method() + " " + request.path() + (request.query() == null ? "" : "?" + request.query()));
    for (Header header : request.headers()) say('>', header.name() + ": " + header.value());
    say('>', new String(request.body(), StandardCharsets.UTF_8));
    return answer(request);
  }

  private Guard guard(String[] rule) {
    List<Factors> accepted = new ArrayList<>();
    for (Factors factors : Factors.values()) {
      if ((Integer.parseInt(rule[3]) & factors.bit()) != 0) accepted.add(factors);
    }
    Factors[] factors = accepted.toArray(Factors[]::new);
    return switch (rule[1] + rule[2]) {
      case "01" -> Guard.encryption(Guard.Scope.APPLICATION);
      case "02" -> Guard.encryption(Guard.Scope.ACTIVATION);
      case "10" -> Guard.signature(rule[4], factors);
      case "12" -> Guard.signature(rule[4], factors).encrypted();
      case "20" -> Guard.token(factors);
      default -> throw new AssertionError(String.join(" ", rule));
    };
  }

  private void keep(String name, String member) {
    String start = "\"" + member + "\":\"";
    int from = output.indexOf(start) + start.length();
    assertTrue(from >= start.length(), member);
    int end = from;
    while (output.charAt(end) != '"') end += output.charAt(end) == '\\' ? 2 : 1;
    kept.put(name, output.substring(from, end));
  }

  private void open(long seed) {
    Hooks.randomness(seed);
    Engine.Builder builder = Engine.builder(Testing.key()).open().clock(() -> now);
    engine = (ownStore ? builder.store(new MemoryStore()) : builder.memory()).build();
  }

  private void step(String line) throws IOException {
    for (Map.Entry<String, String> each : kept.entrySet()) line = line.replace("${" + each.getKey() + "}", each.getValue());
    say('#', line);
    String[] words = line.split(" ", 3);
    String last = words.length > 2 ? words[2] : "";
    switch (words[0]) {
      case "seed" -> open(Long.parseLong(words[1]));
      case "clock" -> now = Long.parseLong(words[1]);
      case "wait" -> now += Long.parseLong(words[1]);
      case "POST", "GET" -> {
        List<Header> headers = last.isEmpty() ? List.of() : List.of(new Header("Content-Type", "application/json"));
        output = answer(new Request(words[0], words[1], null, headers, last.getBytes(StandardCharsets.UTF_8), null)).text();
      }
      case "guard" -> guards.put(words[1], guard(line.substring("guard ".length()).split(" ")));
      case "phone" -> phones.put(words[1], new TestPhone(last, this::fromPhone, () -> now));
      case "do" -> {
        output = phones.get(words[1]).attemptText(last);
        say('=', output);
      }
      case "keep" -> keep(words[1], last);
      case "expect" -> assertTrue(output.contains(line.substring("expect ".length())), line + "\n" + output);
      default -> throw new AssertionError(line);
    }
  }

  private void play() throws IOException {
    int steps = 0;
    for (String line : Files.readAllLines(FOLDER.resolve("flow.txt"))) {
      if (line.isEmpty() || line.startsWith("#")) continue;
      step(line);
      steps++;
    }
    engine.close();
    System.out.println(steps + " steps");
    assertEquals(Files.readString(FOLDER.resolve("expected.txt")), transcript.toString());
  }

  @Test
  void withTheEnginesOwnStore() throws IOException {
    play();
  }

  @Test
  void withAStoreInJava() throws IOException {
    ownStore = true;
    play();
  }
}
