package io.countersign.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.Request;
import io.countersign.Response;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "countersign.sealing-key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
class BankTest {
  @LocalServerPort int port;
  @Autowired Enrolment enrolment;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private Demo demo() {
    return new Demo("http://127.0.0.1:" + port, new PrintStream(said, true));
  }

  @Test
  void theDemoPlays() throws Exception {
    demo().play(enrolment.appConfiguration());
    assertTrue(said.toString().contains("approved on the phone"), said::toString);
    assertTrue(said.toString().contains("{\"user\":\"alice\",\"text\":\"hello\"}"), said::toString);
  }

  @Test
  void onlyTheFamiliesForPhonesAreMounted() {
    Response server = demo().send(Request.json("/rest/v3/application/list", "{}"));
    assertEquals(404, server.status());
    assertEquals(200, demo().send(Request.json("/pa/v3/status", "{}")).status());
  }

  @Test
  void largeBodiesAreRefused() {
    byte[] large = new byte[100_000];
    assertEquals(413, demo().send(Request.json("/pa/v3/status", large)).status());
    assertEquals(413, demo().send(Request.json("/app/transfer", large)).status());
  }

  /** However the path is written: either nobody is called, or the guard was asked. */
  @Test
  void otherSpellingsOfAPathAreNoWayIn() {
    for (String path : List.of("/app/transfer/", "/app//transfer", "/app/%74ransfer", "/app/transfer;a=b", "/app/./transfer", "/x/../app/transfer")) {
      int status = demo().send(Request.json(path, "{\"iban\":\"CZ\",\"amount\":1}")).status();
      assertTrue(status == 401 || status == 404 || status == 400, path + ": " + status);
    }
  }
}
