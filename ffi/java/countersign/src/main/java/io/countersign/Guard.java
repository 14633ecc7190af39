package io.countersign;

import java.nio.charset.StandardCharsets;

/**
 * What a route of the host's own demands of its callers, all of them phones.
 *
 * <p>A signature covers method, resource id and body (of a GET: the query), never the path and never a header. A token
 * covers nothing of the request: for reading, not for changing. An envelope in activation scope proves the phone, but its
 * user was asked for nothing; one in application scope can be made by anybody who has the app.
 */
public final class Guard {
  /** Who has made the envelope of a request. */
  public enum Scope {
    /** Anybody who has the app. */
    APPLICATION(1),
    /** One activation. */
    ACTIVATION(2);

    private final int number;

    Scope(int number) {
      this.number = number;
    }
  }

  private static final int NONE = 0;
  private static final int SIGNATURE = 1;
  private static final int TOKEN = 2;
  private static final int USER_INFO = 1;

  final int proof;
  final int encryption;
  final int factors;
  final int flags;
  final byte[] resource;
  final int maxBody;

  private Guard(int proof, int encryption, int factors, int flags, byte[] resource, int maxBody) {
    this.proof = proof;
    this.encryption = encryption;
    this.factors = factors;
    this.flags = flags;
    this.resource = resource;
    this.maxBody = maxBody;
  }

  /**
   * A signature for a resource id, made with one of these combinations of factors.
   *
   * @param resource the text that app and host have agreed on, which need not be the path; not empty
   * @param factors one at least
   */
  public static Guard signature(String resource, Factors... factors) {
    if (resource.isEmpty()) throw new IllegalArgumentException("a signature is for a resource id");
    return new Guard(SIGNATURE, NONE, bits(factors), 0, resource.getBytes(StandardCharsets.UTF_8), 0);
  }

  /** A token that was made with one of these combinations of factors, one at least. */
  public static Guard token(Factors... factors) {
    return new Guard(TOKEN, NONE, bits(factors), 0, new byte[0], 0);
  }

  /** An encrypted POST. */
  public static Guard encryption(Scope scope) {
    return new Guard(NONE, scope.number, 0, 0, new byte[0], 0);
  }

  /**
   * For a host that serves {@code POST /pa/v3/user/info} itself: as an encryption in activation scope, with the refusals
   * that phones expect there. To be sealed as the answer: a JSON object of claims.
   */
  public static Guard userInfo() {
    return new Guard(NONE, Scope.ACTIVATION.number, 0, USER_INFO, new byte[0], 0);
  }

  private static int bits(Factors[] factors) {
    if (factors.length == 0) throw new IllegalArgumentException("without factors nobody passes");
    int bits = 0;
    for (Factors each : factors) bits |= each.bit();
    return bits;
  }

  /** The same proof, and the request is encrypted in activation scope by the same activation. */
  public Guard encrypted() {
    return new Guard(proof, Scope.ACTIVATION.number, factors, flags, resource, maxBody);
  }

  /** Another longest body than 64 KiB, in bytes. */
  public Guard maxBody(int bytes) {
    if (bytes <= 0) throw new IllegalArgumentException("maxBody");
    return new Guard(proof, encryption, factors, flags, resource, bytes);
  }

  /** The longest body, in bytes, for hosts that collect it. */
  public int maxBody() {
    return maxBody == 0 ? 64 << 10 : maxBody;
  }

  /** Whether requests are encrypted, and answers to be sealed. */
  public boolean isEncrypted() {
    return encryption != NONE;
  }
}
