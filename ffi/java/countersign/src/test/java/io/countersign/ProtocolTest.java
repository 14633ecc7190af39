package io.countersign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors that Rust's tests read, too. */
class ProtocolTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FILES = Path.of("../../../tests/vectors/own");
  private static final String NONCE = "AAAAAAAAAAAAAAAAAAAAAA==";

  private interface Check {
    void run(JsonNode in, JsonNode out) throws Exception;
  }

  private static void vectors(String name, Check check) throws Exception {
    assumeTrue(Files.isDirectory(FILES), "only in the repository");
    JsonNode file = JSON.readTree(FILES.resolve(name + ".json").toFile());
    int count = 0;
    for (JsonNode vector : file.path("vectors")) {
      try {
        check.run(vector.path("input"), vector.path("output"));
      } catch (AssertionError | RuntimeException error) {
        throw new AssertionError(vector.path("id").asText(), error);
      }
      count++;
    }
    assertTrue(count > 0);
    assertEquals(file.path("count").asInt(), count);
    System.out.println(count + " vectors of " + name);
  }

  private static byte[] bytes(JsonNode object, String name) throws Exception {
    return object.path(name).binaryValue();
  }

  private static String text(JsonNode object, String name) {
    return object.path(name).isNull() ? null : object.path(name).asText();
  }

  private static void refused(String kind, Supplier<?> call) {
    assertEquals(kind, assertThrows(ProtocolException.class, call::get).kind());
  }

  @Test
  void activationCodes() throws Exception {
    vectors(
        "activation-code",
        (in, out) -> {
          String code = text(out, "code");
          assertEquals(new Protocol.ActivationCode(code, false), Protocol.activationCode(code, null));
          refused("malformed", () -> Protocol.activationCode(text(out, "mistypedCode"), null));
        });
    vectors(
        "activation-signature",
        (in, out) -> {
          String code = text(in, "activationCode");
          String signed = code + "#" + text(out, "activationSignature");
          byte[] key = bytes(in, "masterPublicKey");
          assertEquals(new Protocol.ActivationCode(code, true), Protocol.activationCode(signed, key));
          // The same point in its short form; and the mirrored one, which is a key, too.
          assertEquals(65, key.length);
          byte[] other = Arrays.copyOf(key, 33);
          other[0] = (byte) (2 + (key[64] & 1));
          assertTrue(Protocol.activationCode(signed, other).signed());
          other[0] ^= 1;
          assertFalse(Protocol.activationCode(signed, other).signed());
        });
  }

  @Test
  void tokens() throws Exception {
    vectors(
        "token-digest",
        (in, out) -> {
          byte[] secret = bytes(in, "tokenSecret");
          byte[] nonce = bytes(in, "nonce");
          long timestamp = in.path("timestamp").asLong();
          String version = text(in, "version");
          byte[] digest = bytes(out, "tokenDigest");
          assertArrayEquals(digest, Protocol.tokenDigest(secret, nonce, timestamp, version));
          String header =
              "PowerAuth token_id=\"d6561669-34d6-4fee-8913-89477687a5cb\", token_digest=\"%s\", nonce=\"%s\", timestamp=\"%d\", version=\"%s\""
                  .formatted(text(out, "tokenDigest"), text(in, "nonce"), timestamp, version);
          Protocol.TokenHeader read = Protocol.tokenHeader(header);
          assertArrayEquals(digest, read.digest());
          assertArrayEquals(nonce, read.nonce());
          assertEquals(timestamp, read.timestamp());
          assertTrue(Protocol.verifyToken(header, secret));
          secret[0] ^= 1;
          assertFalse(Protocol.verifyToken(header, secret));
        });
  }

  /** Of the key derivation: the key of a factor. */
  private static byte[] derived(byte[] master, long index) throws Exception {
    Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
    aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(master, "AES"));
    return aes.doFinal(ByteBuffer.allocate(16).putLong(8, index).array());
  }

  @Test
  void signatures() throws Exception {
    vectors(
        "signed-request",
        (in, out) -> {
          byte[] master = bytes(in, "masterSecretKey");
          Protocol.FactorKeys keys = new Protocol.FactorKeys(derived(master, 1), derived(master, 2), derived(master, 3));
          String header =
              "PowerAuth pa_activation_id=\"d6561669-34d6-4fee-8913-89477687a5cb\", pa_application_key=\"%s\", pa_nonce=\"%s\", pa_signature_type=\"%s\", pa_signature=\"%s\", pa_version=\"%s\""
                  .formatted(NONCE, text(in, "nonce"), text(in, "signatureType"), text(out, "signature"), text(in, "version"));
          Protocol.SignatureHeader read = Protocol.signatureHeader(header);
          assertEquals(text(in, "signatureType"), read.factors().toString());
          assertEquals(text(out, "signature"), read.signature());
          Protocol.Signed signed =
              new Protocol.Signed(header, text(in, "method"), text(in, "uriId"), bytes(in, "body"), text(in, "applicationSecret"));
          byte[] counter = bytes(in, "ctrData");
          Protocol.Verified verified = Protocol.verifySignature(signed, counter, 1, keys);
          assertTrue(verified.valid());
          assertEquals(0, verified.offset());
          assertEquals(read.factors(), verified.factors());
          assertEquals(16, verified.next().length);
          // It cannot come again, nor with another body.
          assertFalse(Protocol.verifySignature(signed, verified.next(), Protocol.WINDOW, keys).valid());
          Protocol.Signed other =
              new Protocol.Signed(header, signed.method(), signed.resource(), new byte[] {1}, signed.applicationSecret());
          assertFalse(Protocol.verifySignature(other, counter, Protocol.WINDOW, keys).valid());
          refused("malformed", () -> Protocol.verifySignature(signed, counter, 65, keys));
          refused("malformed", () -> Protocol.verifySignature(signed, counter, 1, new Protocol.FactorKeys(null, null, null)));
        });
  }

  @Test
  void status() throws Exception {
    vectors(
        "status-blob",
        (in, out) -> {
          byte[] blob = bytes(in, "encryptedStatusBlob");
          byte[] key = bytes(in, "transportKey");
          Protocol.Status status = Protocol.statusBlob(blob, key, bytes(in, "challenge"), bytes(in, "nonce"));
          assertArrayEquals(bytes(out, "ctrDataHash"), status.counterDigest());
          Map<String, Integer> found =
              Map.of(
                  "activationStatus", status.status(),
                  "currentVersion", status.currentVersion(),
                  "upgradeVersion", status.upgradeVersion(),
                  "failedAttempts", status.failedAttempts(),
                  "maxFailedAttempts", status.maxFailedAttempts(),
                  "ctrLookAhead", status.lookAhead(),
                  "ctrByte", status.counterByte());
          found.forEach((name, number) -> assertEquals(text(out, name), number.toString(), name));
        });
  }

  private static final Map<String, String> PURPOSES =
      Map.of(
          "APPLICATION_SCOPE_GENERIC", "genericApplication",
          "ACTIVATION_SCOPE_GENERIC", "genericActivation",
          "ACTIVATION_LAYER_2", "activationLayer2",
          "UPGRADE", "upgradeStart",
          "VAULT_UNLOCK", "vaultUnlock",
          "CREATE_TOKEN", "tokenCreate",
          "CONFIRM_RECOVERY_CODE", "recoveryConfirm");

  /** Without what is null. */
  private static ObjectNode envelope(JsonNode members) {
    ObjectNode envelope = JSON.createObjectNode();
    members.fields().forEachRemaining(member -> {
      if (!member.getValue().isNull()) envelope.set(member.getKey(), member.getValue());
    });
    return envelope;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecies-v30", "ecies-v31", "ecies-v32", "ecies-v33"})
  void envelopes(String name) throws Exception {
    vectors(
        name,
        (in, out) -> {
          String temporaryKeyId = text(in, "temporaryKeyId");
          Protocol.Terms terms =
              Protocol.Terms.application(
                  text(in, "version"), PURPOSES.get(text(in, "encryptor")), text(in, "applicationKey"), text(in, "applicationSecret"));
          if (in.hasNonNull("activationId")) terms = terms.of(text(in, "activationId"), bytes(in, "transportKey"));
          ObjectNode envelope = envelope(in.path("request"));
          if (in.hasNonNull("temporaryKeyId")) {
            terms = terms.with(temporaryKeyId);
            envelope.put("temporaryKeyId", temporaryKeyId);
          }
          byte[] key = bytes(in, "encryptionPrivateKey");
          String request = envelope.toString();
          byte[] plain = bytes(out, "requestPlaintext");
          byte[] answer = bytes(out, "responsePlaintext");
          assertArrayEquals(plain, Protocol.open(terms, key, request));
          byte[] nonce = bytes(envelope, "nonce");
          String response = envelope(in.path("response")).toString();
          assertArrayEquals(answer, Protocol.openResponse(terms, bytes(out, "envelopeKey"), nonce, response));
          // There and back, with fresh randomness.
          Protocol.Sealed sealed = Protocol.seal(terms, bytes(in, "encryptionPublicKey"), plain);
          assertArrayEquals(plain, Protocol.open(terms, key, sealed.envelope()));
          String back = Protocol.sealResponse(terms, key, sealed.envelope(), answer);
          nonce = bytes(JSON.readTree(sealed.envelope()), "nonce");
          assertArrayEquals(answer, Protocol.openResponse(terms, sealed.envelopeKey(), nonce, back));
          Protocol.Terms wrong =
              new Protocol.Terms(
                  terms.version(), terms.purpose(), terms.applicationKey(), terms.applicationSecret() + "x",
                  terms.activationId(), terms.transportKey(), terms.temporaryKeyId());
          refused("failed", () -> Protocol.open(wrong, key, request));
        });
  }

  @Test
  void offline() {
    byte[] nonce = new byte[16];
    byte[] key = new byte[32];
    key[31] = 1;
    // The base point of the curve, which belongs to 1.
    byte[] base = java.util.HexFormat.of().parseHex("036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
    String lines = "5ff1b1ed-a3cc-45a3-8ab0-ed60950312b6\nPayment\nPay 100 CZK\nA1*A100CZK\n0";
    String payload = Protocol.offlinePayload(lines, key, true, nonce);
    Protocol.OfflinePayload read = Protocol.verifyOfflinePayload(payload, base);
    assertEquals("Payment", read.title());
    assertEquals("Pay 100 CZK", read.message());
    assertEquals("A1*A100CZK", read.data());
    assertEquals(NONCE, read.nonce());
    assertTrue(read.personalized());
    assertNull(Protocol.verifyOfflinePayload(payload.replace("100 CZK", "900 CZK"), base));
    Protocol.FactorKeys keys = new Protocol.FactorKeys(nonce, nonce, null);
    assertFalse(Protocol.verifyOfflineCode(read.baseString(), "00000000-00000000", nonce, 1, false, keys).valid());
    refused("malformed", () -> Protocol.offlinePayload("one line", key, true, nonce));
  }

  @Test
  void headersAndWrongArguments() {
    String header = "PowerAuth version=\"3.2\", application_key=\"" + NONCE + "\"";
    assertEquals(new Protocol.EncryptionHeader("3.2", NONCE, null), Protocol.encryptionHeader(header));
    for (String text : new String[] {"", "PowerAuth", "Basic x", "\u0000", "x".repeat(100_000)}) {
      refused("malformed", () -> Protocol.signatureHeader(text));
      refused("malformed", () -> Protocol.tokenHeader(text));
      refused("malformed", () -> Protocol.encryptionHeader(text));
    }
    for (int length : new int[] {0, 15, 17, 1 << 20}) {
      CountersignException error =
          assertThrows(
              CountersignException.class, () -> Protocol.tokenDigest(new byte[length], new byte[16], 1, "3.2"), "" + length);
      assertEquals(ErrorCode.ARGUMENT, error.code());
    }
    byte[] notText = "{\"do\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);
    CountersignException error =
        assertThrows(CountersignException.class, () -> Native.checked(Native.protocol(notText, 0)));
    assertEquals(ErrorCode.NOT_UTF8, error.code());
    refused("malformed", () -> Protocol.open(Protocol.Terms.application("3.2", "genericApplication", "k", "s"), new byte[32], "{"));
  }
}
