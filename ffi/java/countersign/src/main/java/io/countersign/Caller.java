package io.countersign;

import java.util.List;

/**
 * Who called a route that is protected.
 *
 * @param applicationId the application
 * @param version protocol version of the request, such as 3.3
 * @param activation the phone; null in application scope, where anybody who has the app may call
 */
public record Caller(String applicationId, String version, Activation activation) {
  /**
   * An activation that has proved itself.
   *
   * @param factors of the signature, or of the one that the token was made with; null where only an envelope speaks for it:
   *     the phone has its keys, but nobody was asked for anything
   * @param flags of the activation
   */
  public record Activation(String activationId, String userId, Factors factors, List<String> flags) {
    /** Copies the flags. */
    public Activation {
      flags = List.copyOf(flags);
    }
  }
}
