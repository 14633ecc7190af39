package io.countersign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.countersign.api.server.ApplicationRequest;
import io.countersign.api.server.CreateApplicationRequest;
import io.countersign.api.server.CreateOperation;
import io.countersign.api.server.CreateOperationRequest;
import io.countersign.api.server.CreateOperationTemplateRequest;
import io.countersign.api.server.TemplateRequest;
import io.countersign.api.server.OperationDetail;
import io.countersign.api.server.ServerApi;
import io.countersign.api.server.SignatureType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ApiTest {
  @Test
  void aFlowWithoutJson() {
    try (Engine engine = Testing.memory()) {
      ServerApi server = engine.server();
      CreateApplicationRequest bank = new CreateApplicationRequest(new ApplicationRequest("bank"));
      assertEquals("bank", server.createApplication(bank).responseObject().applicationId());
      ApiException twice = assertThrows(ApiException.class, () -> server.createApplication(bank));
      assertEquals(400, twice.status());
      assertTrue(twice.code().startsWith("ERR"), twice::code);
      TemplateRequest template =
          TemplateRequest.builder()
              .templateName("payment")
              .operationType("payment")
              .dataTemplate("A1*A${amount}EUR")
              .signatureType(List.of(SignatureType.POSSESSION_KNOWLEDGE))
              .maxFailureCount(5L)
              .expiration(300L)
              .build();
      server.createOperationTemplate(new CreateOperationTemplateRequest(template));
      CreateOperation payment =
          CreateOperation.builder()
              .userId("alice")
              .applicationId("bank")
              .templateName("payment")
              .parameters(Map.of("amount", "100.00"))
              .timestampExpires(OffsetDateTime.now().plusMinutes(2))
              .build();
      OperationDetail made = server.createOperation(new CreateOperationRequest(payment)).responseObject();
      assertEquals("A1*A100.00EUR", made.data());
      assertEquals(OperationDetail.StatusEnum.PENDING, made.status());
      assertEquals(List.of(SignatureType.POSSESSION_KNOWLEDGE), made.signatureType());
      assertEquals(payment.timestampExpires().toEpochSecond(), made.timestampExpires().toEpochSecond());
      assertEquals("OperationDetail", made.toString());
    }
  }

  @Test
  void credentialsAreAskedFor() {
    try (Engine engine = Engine.builder(Testing.key()).memory().build()) {
      CreateApplicationRequest bank = new CreateApplicationRequest(new ApplicationRequest("bank"));
      for (ServerApi server : List.of(engine.server(), engine.server("nobody", "wrong"))) {
        ApiException refused = assertThrows(ApiException.class, () -> server.createApplication(bank));
        assertEquals(401, refused.status());
        assertEquals("ERR_AUTHENTICATION", refused.code());
      }
    }
  }

  /** Sends every method something empty: each must meet an endpoint. */
  @Test
  void everyMethodHasAnEndpoint() throws Exception {
    int count = 0;
    try (Engine engine = Testing.memory()) {
      for (Object api : List.of(engine.server(), engine.admin(), engine.cloud("nobody", "wrong"))) {
        for (Method method : api.getClass().getDeclaredMethods()) {
          if (!Modifier.isPublic(method.getModifiers())) continue;
          Object[] arguments = Stream.of(method.getParameterTypes()).map(ApiTest::empty).toArray();
          try {
            method.invoke(api, arguments);
          } catch (InvocationTargetException thrown) {
            ApiException refused = (ApiException) thrown.getCause();
            assertNotEquals(404, refused.status(), method.getName() + ": " + refused.getMessage());
            assertNotEquals(405, refused.status(), method.getName());
            assertTrue(refused.status() < 500, method.getName() + ": " + refused.getMessage());
          }
          count++;
        }
      }
    }
    System.out.println(count + " methods");
    assertTrue(count > 100);
  }

  private static Object empty(Class<?> type) {
    try {
      if (type == String.class) return "x";
      if (type == List.class) return List.of();
      Object builder = type.getMethod("builder").invoke(null);
      return builder.getClass().getMethod("build").invoke(builder);
    } catch (ReflectiveOperationException error) {
      throw new AssertionError(type + " cannot be made", error);
    }
  }

  /** A record of every kind, written and read again. */
  @Test
  void everyRecordSurvivesJson() throws Exception {
    JsonMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();
    Path classes = Path.of(ServerApi.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    int count = 0;
    for (String family : List.of("server", "standard", "mobile", "cloud", "admin")) {
      Path folder = classes.resolve("io/countersign/api/" + family);
      List<String> names;
      try (Stream<Path> files = Files.list(folder)) {
        names = files.map(file -> file.getFileName().toString().replace(".class", "")).toList();
      }
      for (String name : names) {
        Class<?> type = Class.forName("io.countersign.api." + family + "." + name);
        if (!type.isRecord()) continue;
        Object record = empty(type);
        assertEquals("{}", json.writeValueAsString(record), name);
        assertEquals(record, json.readValue("{}", type));
        count++;
      }
    }
    System.out.println(count + " records");
    assertTrue(count > 300);
  }

  @Test
  void queriesAreEncoded() {
    assertEquals("a=b%20c%2F%26&d=%C3%A4", ApiCaller.query("a", "b c/&", "b", null, "d", "ä"));
    assertEquals(null, ApiCaller.query("a", null));
  }
}
