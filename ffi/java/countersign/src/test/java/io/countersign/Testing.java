package io.countersign;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the tests share. */
final class Testing {
  private Testing() {}

  static SealingKey key() {
    byte[] key = new byte[SealingKey.LENGTH];
    Arrays.fill(key, (byte) 0x5a);
    return new SealingKey(1, key);
  }

  static Engine memory() {
    return Engine.builder(key()).memory().open().build();
  }

  static Request status() {
    return Request.json("/rest/v3/status", "{}");
  }

  static Request createApplication(String id) {
    String body = "{\"requestObject\":{\"applicationId\":\"" + id + "\"}}";
    return Request.json("/rest/v3/application/create", body.getBytes(StandardCharsets.UTF_8));
  }
}
