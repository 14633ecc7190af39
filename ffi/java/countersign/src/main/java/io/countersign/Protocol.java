package io.countersign;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Parts of the protocol's cryptography that are useful alone, without an engine: envelopes, headers and signatures with given
 * keys, token digests, offline payloads and codes, activation codes, the status.
 *
 * <p>Nothing here remembers what was accepted: that an envelope, a counter or a nonce comes once is the caller's to see to. A
 * wrong signature is no exception but {@code valid} false.
 *
 * <p>All methods throw {@link ProtocolException} when there is no result, and {@link CountersignException} with {@link
 * ErrorCode#ARGUMENT} for arguments that cannot be one: a key of another length, an unknown version.
 */
public final class Protocol {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Protocol() {}

  /**
   * An activation code.
   *
   * @param signed whether its signature is by the key
   */
  public record ActivationCode(String code, boolean signed) {}

  /** What both sides know of an envelope. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Terms(
      String version,
      String purpose,
      String applicationKey,
      String applicationSecret,
      String activationId,
      byte[] transportKey,
      String temporaryKeyId) {
    /**
     * In application scope.
     *
     * @param version of the protocol
     * @param purpose {@code genericApplication} or {@code activationLayer1}
     */
    public static Terms application(String version, String purpose, String applicationKey, String applicationSecret) {
      return new Terms(version, purpose, applicationKey, applicationSecret, null, null, null);
    }

    /**
     * The same in the scope of an activation: {@code genericActivation}, {@code activationLayer2}, {@code upgradeStart},
     * {@code vaultUnlock}, {@code tokenCreate} or {@code recoveryConfirm}.
     *
     * @param transportKey 16 bytes
     */
    public Terms of(String activationId, byte[] transportKey) {
      return new Terms(version, purpose, applicationKey, applicationSecret, activationId, transportKey, temporaryKeyId);
    }

    /** The same with a temporary key, in version 3.3. */
    public Terms with(String temporaryKeyId) {
      return new Terms(version, purpose, applicationKey, applicationSecret, activationId, transportKey, temporaryKeyId);
    }

    /** Without secrets. */
    @Override
    public String toString() {
      return "Terms[" + version + " " + purpose + "]";
    }
  }

  /**
   * An encrypted request.
   *
   * @param envelope JSON
   * @param envelopeKey 48 bytes, which open the response
   */
  public record Sealed(String envelope, byte[] envelopeKey) {
    /** Without the key. */
    @Override
    public String toString() {
      return "Sealed[" + envelope + "]";
    }
  }

  /** The keys of an activation's factors, 16 bytes each; null where there is none. */
  public record FactorKeys(byte[] possession, byte[] knowledge, byte[] biometry) {
    private void into(ObjectNode command) {
      if (possession != null) command.put("possessionKey", possession);
      if (knowledge != null) command.put("knowledgeKey", knowledge);
      if (biometry != null) command.put("biometryKey", biometry);
    }

    /** Without the keys. */
    @Override
    public String toString() {
      return "FactorKeys";
    }
  }

  /**
   * A request whose signature is to be verified.
   *
   * @param header value of {@code X-PowerAuth-Authorization}
   * @param resource the id that app and host have agreed on
   * @param data the body, or of a GET the normalised query
   * @param applicationSecret as text
   */
  public record Signed(String header, String method, String resource, byte[] data, String applicationSecret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Signed[" + method + " " + resource + "]";
    }
  }

  /**
   * The outcome of a signature.
   *
   * @param offset how many steps ahead of the counter it was made
   * @param factors null unless valid
   * @param next the counter to store, 16 bytes; null unless valid
   */
  public record Verified(boolean valid, int offset, Factors factors, byte[] next) {
    private static Verified of(JsonNode result) {
      if (!result.path("valid").asBoolean()) return new Verified(false, 0, null, null);
      return new Verified(true, result.path("offset").asInt(), factorsIn(result), bytes(result, "next"));
    }
  }

  /** {@code X-PowerAuth-Authorization}. */
  public record SignatureHeader(
      String activationId, String applicationKey, byte[] nonce, Factors factors, String signature, String version) {}

  /**
   * {@code X-PowerAuth-Token}.
   *
   * @param timestamp milliseconds since 1970
   */
  public record TokenHeader(String tokenId, byte[] digest, byte[] nonce, long timestamp, String version) {}

  /** {@code X-PowerAuth-Encryption}; the activation is null in application scope. */
  public record EncryptionHeader(String version, String applicationKey, String activationId) {}

  /**
   * What a QR code shows.
   *
   * @param nonce as text
   * @param baseString what the typed code signs
   */
  public record OfflinePayload(
      boolean personalized, String operationId, String title, String message, String data, String nonce, String baseString) {}

  /**
   * What a status blob says.
   *
   * @param status 1 CREATED, 2 PENDING_COMMIT, 3 ACTIVE, 4 BLOCKED, 5 REMOVED
   */
  public record Status(
      int status,
      int currentVersion,
      int upgradeVersion,
      int counterByte,
      int failedAttempts,
      int maxFailedAttempts,
      int lookAhead,
      byte[] counterDigest) {}

  /** How many steps ahead of the counter a signature may be, unless the caller says otherwise. */
  public static final int WINDOW = 20;

  /**
   * Reads an activation code.
   *
   * @param text a code, or code and signature ({@code code#signature})
   * @param masterPublicKey 33 or 65 bytes, or null
   */
  public static ActivationCode activationCode(String text, byte[] masterPublicKey) {
    ObjectNode command = command("activationCode").put("text", text);
    if (masterPublicKey != null) command.put("masterPublicKey", masterPublicKey);
    JsonNode result = perform(command);
    return new ActivationCode(result.path("code").asText(), result.path("signed").asBoolean());
  }

  /**
   * The digest that a token's header carries.
   *
   * @param secret 16 bytes
   * @param nonce 16 bytes
   * @param timestamp milliseconds since 1970
   */
  public static byte[] tokenDigest(byte[] secret, byte[] nonce, long timestamp, String version) {
    ObjectNode command = command("tokenDigest").put("secret", secret).put("nonce", nonce);
    return bytes(perform(command.put("timestamp", timestamp).put("version", version)), "digest");
  }

  /** Reads {@code X-PowerAuth-Authorization}. */
  public static SignatureHeader signatureHeader(String value) {
    JsonNode result = perform(command("signatureHeader").put("value", value));
    return new SignatureHeader(
        text(result, "activationId"),
        text(result, "applicationKey"),
        bytes(result, "nonce"),
        factorsIn(result),
        text(result, "signature"),
        text(result, "version"));
  }

  /** Reads {@code X-PowerAuth-Token}. */
  public static TokenHeader tokenHeader(String value) {
    JsonNode result = perform(command("tokenHeader").put("value", value));
    return new TokenHeader(
        text(result, "tokenId"),
        bytes(result, "digest"),
        bytes(result, "nonce"),
        result.path("timestamp").asLong(),
        text(result, "version"));
  }

  /** Whether the digest of {@code X-PowerAuth-Token} was made with this secret of 16 bytes. Says nothing of its age. */
  public static boolean verifyToken(String value, byte[] secret) {
    return perform(command("tokenHeader").put("value", value).put("secret", secret)).path("valid").asBoolean();
  }

  /** Reads {@code X-PowerAuth-Encryption}. */
  public static EncryptionHeader encryptionHeader(String value) {
    JsonNode result = perform(command("encryptionHeader").put("value", value));
    return new EncryptionHeader(text(result, "version"), text(result, "applicationKey"), text(result, "activationId"));
  }

  /**
   * Verifies a request's signature with given keys.
   *
   * @param counter 16 bytes
   * @param window how many steps ahead, 1 to 64, such as {@link #WINDOW}
   */
  public static Verified verifySignature(Signed signed, byte[] counter, int window, FactorKeys keys) {
    ObjectNode command =
        command("verifySignature")
            .put("value", signed.header())
            .put("method", signed.method())
            .put("uriId", signed.resource())
            .put("data", signed.data())
            .put("applicationSecret", signed.applicationSecret())
            .put("counter", counter)
            .put("window", window);
    keys.into(command);
    return Verified.of(perform(command));
  }

  /**
   * Makes what a QR code shows.
   *
   * @param lines lines 0 to 4 of the payload
   * @param privateKey 32 bytes
   * @param personalized whether it is signed with the activation's own key
   * @param nonce 16 bytes
   */
  public static String offlinePayload(String lines, byte[] privateKey, boolean personalized, byte[] nonce) {
    ObjectNode command = command("offlinePayload").put("data", lines).put("privateKey", privateKey);
    return text(perform(command.put("personalized", personalized).put("nonce", nonce)), "payload");
  }

  /**
   * Reads what a QR code shows.
   *
   * @param publicKey 33 or 65 bytes
   * @return null when it is not signed with the key: nothing of it is to be shown to anybody
   */
  public static OfflinePayload verifyOfflinePayload(String payload, byte[] publicKey) {
    JsonNode result = perform(command("verifyOfflinePayload").put("payload", payload).put("publicKey", publicKey));
    if (!result.path("valid").asBoolean()) return null;
    return new OfflinePayload(
        result.path("personalized").asBoolean(),
        text(result, "operationId"),
        text(result, "title"),
        text(result, "message"),
        text(result, "data"),
        text(result, "nonce"),
        text(result, "baseString"));
  }

  /**
   * Verifies the code that a user has typed.
   *
   * @param counter 16 bytes
   * @param window as for {@link #verifySignature}
   * @param biometry whether a code of phone and biometry will do, too
   */
  public static Verified verifyOfflineCode(
      String baseString, String code, byte[] counter, int window, boolean biometry, FactorKeys keys) {
    ObjectNode command = command("verifyOfflineCode").put("baseString", baseString).put("code", code);
    command.put("counter", counter).put("window", window).put("biometry", biometry);
    keys.into(command);
    return Verified.of(perform(command));
  }

  /** Opens the encrypted status of an activation. Key, challenge and nonce have 16 bytes. */
  public static Status statusBlob(byte[] blob, byte[] transportKey, byte[] challenge, byte[] nonce) {
    ObjectNode command = command("statusBlob").put("blob", blob).put("transportKey", transportKey);
    JsonNode result = perform(command.put("challenge", challenge).put("nonce", nonce));
    return new Status(
        result.path("status").asInt(),
        result.path("currentVersion").asInt(),
        result.path("upgradeVersion").asInt(),
        result.path("counterByte").asInt(),
        result.path("failedAttempts").asInt(),
        result.path("maxFailedAttempts").asInt(),
        result.path("lookAhead").asInt(),
        bytes(result, "counterDigest"));
  }

  /** Encrypts a request for a public key of 33 or 65 bytes. */
  public static Sealed seal(Terms terms, byte[] publicKey, byte[] plain) {
    JsonNode result = perform(command("eciesSeal", terms).put("publicKey", publicKey).put("data", plain));
    return new Sealed(result.path("envelope").toString(), bytes(result, "envelopeKey"));
  }

  /** Decrypts a request (JSON) with a private key of 32 bytes. */
  public static byte[] open(Terms terms, byte[] privateKey, String envelope) {
    ObjectNode command = command("eciesOpen", terms).put("privateKey", privateKey);
    return bytes(perform(command.set("envelope", json(envelope))), "data");
  }

  /** Encrypts the response to a request (JSON). */
  public static String sealResponse(Terms terms, byte[] privateKey, String envelope, byte[] plain) {
    ObjectNode command = command("eciesSealResponse", terms).put("privateKey", privateKey).put("data", plain);
    return perform(command.set("envelope", json(envelope))).path("response").toString();
  }

  /**
   * Decrypts a response (JSON).
   *
   * @param requestNonce that of the request, null where it had none
   */
  public static byte[] openResponse(Terms terms, byte[] envelopeKey, byte[] requestNonce, String response) {
    ObjectNode command = command("eciesOpenResponse", terms).put("envelopeKey", envelopeKey);
    if (requestNonce != null) command.put("requestNonce", requestNonce);
    return bytes(perform(command.set("response", json(response))), "data");
  }

  private static ObjectNode command(String what) {
    return JSON.createObjectNode().put("do", what);
  }

  private static ObjectNode command(String what, Terms terms) {
    return command(what).set("parameters", JSON.valueToTree(terms));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException error) {
      // Without its words: they repeat what they could not read.
      throw new ProtocolException("malformed", "not JSON");
    }
  }

  private static JsonNode perform(JsonNode command) {
    byte[] request = command.toString().getBytes(StandardCharsets.UTF_8);
    byte[] answer = null;
    try {
      answer = Native.checked(Native.protocol(request, 0));
      JsonNode outcome = JSON.readTree(answer, Native.RESULT, answer.length - Native.RESULT);
      JsonNode error = outcome.get("error");
      if (error != null) throw new ProtocolException(text(error, "kind"), text(error, "message"));
      return outcome.path("result");
    } catch (IOException error) {
      throw new IllegalStateException("the library answered something else than JSON");
    } finally {
      Arrays.fill(request, (byte) 0);
      if (answer != null) Arrays.fill(answer, (byte) 0);
    }
  }

  private static String text(JsonNode object, String name) {
    JsonNode value = object.path(name);
    return value.isTextual() ? value.textValue() : null;
  }

  private static byte[] bytes(JsonNode object, String name) {
    try {
      return object.path(name).binaryValue();
    } catch (IOException error) {
      throw new IllegalStateException("the library answered something else than Base64");
    }
  }

  private static Factors factorsIn(JsonNode object) {
    return Factors.valueOf(object.path("factors").asText().toUpperCase(Locale.ROOT));
  }
}
