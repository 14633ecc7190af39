package io.countersign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.countersign.store.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final byte[] BODY = "{\"to\":\"CZ65\"}".getBytes(StandardCharsets.UTF_8);
  private static final Guard TRANSFER = Guard.signature("/transfer", Factors.POSSESSION_KNOWLEDGE);

  private static List<Engine> engines() {
    List<Engine> engines = new ArrayList<>();
    engines.add(Testing.memory());
    engines.add(Engine.builder(Testing.key()).store(new MemoryStore()).open().build());
    engines.add(Engine.builder(Testing.key()).store(new EngineTest.Async(new MemoryStore())).open().build());
    return engines;
  }

  private static Request post(byte[] body, Request.Header header) {
    return new Request("POST", "/api/transfer", null, List.of(header), body, null);
  }

  @Test
  void signedRequestsPassOnce() {
    for (Engine each : engines()) {
      try (Engine engine = each; TestPhone phone = new Bank(engine).phone("alice")) {
        Request.Header signature = phone.signature("POST", "/transfer", BODY, "1234");
        Verdict.Passed passed = assertInstanceOf(Verdict.Passed.class, engine.check(TRANSFER, post(BODY, signature)));
        assertEquals("alice", passed.caller().activation().userId());
        assertEquals("bank", passed.caller().applicationId());
        assertEquals(Factors.POSSESSION_KNOWLEDGE, passed.caller().activation().factors());
        assertNull(passed.body());
        CountersignException nothing = assertThrows(CountersignException.class, () -> passed.seal(BODY));
        assertEquals(ErrorCode.NOTHING_TO_SEAL, nothing.code());
        assertRefused(401, engine.check(TRANSFER, post(BODY, signature)));
        Request.Header other = phone.signature("POST", "/transfer", "{}".getBytes(StandardCharsets.UTF_8), "1234");
        assertRefused(401, engine.check(TRANSFER, post(BODY, other)));
        Request.Header wrong = phone.signature("POST", "/transfer", BODY, "4321");
        assertRefused(401, engine.check(TRANSFER, post(BODY, wrong)));
        Request.Header elsewhere = phone.signature("POST", "/login", BODY, "1234");
        assertRefused(401, engine.checkAsync(TRANSFER, post(BODY, elsewhere)).join());
        Guard biometry = Guard.signature("/transfer", Factors.POSSESSION_BIOMETRY);
        assertRefused(401, engine.check(biometry, post(BODY, phone.signature("POST", "/transfer", BODY, "1234"))));
        assertRefused(401, engine.check(TRANSFER, Testing.status()));
        assertRefused(413, engine.check(TRANSFER.maxBody(5), post(BODY, phone.signature("POST", "/transfer", BODY, "1234"))));
      }
    }
  }

  private static void assertRefused(int status, Verdict verdict) {
    assertEquals(status, assertInstanceOf(Verdict.Refused.class, verdict).response().status());
  }

  @Test
  void tokensPassOnce() {
    for (Engine each : engines()) {
      try (Engine engine = each; TestPhone phone = new Bank(engine).phone("alice")) {
        phone.perform("createToken");
        Guard balance = Guard.token(Factors.POSSESSION);
        Request request = new Request("GET", "/balance", "all=1", List.of(phone.token()), new byte[0], null);
        Verdict.Passed passed = assertInstanceOf(Verdict.Passed.class, engine.check(balance, request));
        assertEquals(Factors.POSSESSION, passed.caller().activation().factors());
        assertRefused(401, engine.check(balance, request));
      }
    }
  }

  @Test
  void envelopesAreOpenedAndAnswersSealed() {
    for (Engine each : engines()) {
      AtomicReference<Guard> guard = new AtomicReference<>();
      AtomicReference<Caller> caller = new AtomicReference<>();
      try (Engine engine = each; TestPhone made = new Bank(engine).phone("alice")) {
        // The same phone, which sends what it encrypts to a route of the host's.
        var state = made.perform("save").get("state");
        try (TestPhone phone =
            new TestPhone(
                java.util.Map.of("state", state),
                request -> request.path().startsWith("/pa/") ? engine.handle(request) : echo(engine, guard.get(), request, caller))) {
          guard.set(Guard.encryption(Guard.Scope.ACTIVATION));
          assertEquals("[hello]", phone.perform("encryptRequest", "path", "/note", "body", "hello").get("body").asText());
          assertEquals("alice", caller.get().activation().userId());
          assertNull(caller.get().activation().factors());
          guard.set(Guard.encryption(Guard.Scope.APPLICATION));
          Object[] anonymous = {"path", "/contact", "body", "hi", "scope", "application"};
          assertEquals("[hi]", phone.perform("encryptRequest", anonymous).get("body").asText());
          assertNull(caller.get().activation());
          guard.set(Guard.signature("/card/pin", Factors.POSSESSION_KNOWLEDGE).encrypted());
          Object[] signed = {"path", "/card", "uriId", "/card/pin", "body", "1379", "pin", "1234"};
          assertEquals("[1379]", phone.perform("encryptRequest", signed).get("body").asText());
          assertEquals(Factors.POSSESSION_KNOWLEDGE, caller.get().activation().factors());
        }
      }
    }
  }

  private static Response echo(Engine engine, Guard guard, Request request, AtomicReference<Caller> caller) {
    if (engine.check(guard, request) instanceof Verdict.Passed passed) {
      try (passed) {
        caller.set(passed.caller());
        String text = "[" + new String(passed.body(), StandardCharsets.UTF_8) + "]";
        Response sealed = passed.seal(text.getBytes(StandardCharsets.UTF_8));
        assertThrows(CountersignException.class, () -> passed.seal(new byte[0]));
        return sealed;
      }
    }
    return new Response(401, List.of(), new byte[0]);
  }

  @Test
  void guardsThatDemandNothingCannotBeMade() {
    assertThrows(IllegalArgumentException.class, () -> Guard.signature("", Factors.POSSESSION));
    assertThrows(IllegalArgumentException.class, () -> Guard.signature("/a"));
    assertThrows(IllegalArgumentException.class, Guard::token);
    assertThrows(IllegalArgumentException.class, () -> TRANSFER.maxBody(0));
    byte[] none = {};
    byte[] request = Wire.request(Testing.status());
    try (Engine engine = Testing.memory()) {
      engine.handle(Testing.status());
    }
    long engine = Native.number(Native.open(1, new byte[32], 1, 1, none));
    int[][] wrong = {{0, 0, 0, 0, 0}, {1, 0, 1, 0, 0}, {2, 0, 0, 0, 0}, {9, 0, 1, 0, 0}, {2, 7, 1, 0, 0}, {2, 0, 64, 0, 0}, {2, 0, 1, 1, 0}};
    for (int[] it : wrong) {
      CountersignException refused =
          assertThrows(
              CountersignException.class,
              () -> Native.checked(Native.check(engine, it[0], it[1], it[2], it[3], none, it[4], request, 0)));
      assertEquals(ErrorCode.ARGUMENT, refused.code());
    }
    CountersignException negative =
        assertThrows(
            CountersignException.class, () -> Native.checked(Native.check(engine, 2, 0, 1, 0, none, -1, request, 0)));
    assertEquals(ErrorCode.LENGTH, negative.code());
    assertArrayEquals(new byte[] {0}, Native.close(engine));
  }
}
