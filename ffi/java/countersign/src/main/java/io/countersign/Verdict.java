package io.countersign;

import java.util.function.LongSupplier;

/** What became of a request to a protected route. */
public sealed interface Verdict permits Verdict.Refused, Verdict.Passed {
  /** The answer to be sent as it is. Whatever fails, the store too, ends in one. */
  record Refused(Response response) implements Verdict {}

  /** The request may pass. Closing it lets go of what could seal the answer; the collector does so, too. */
  final class Passed implements Verdict, AutoCloseable {
    private final Caller caller;
    private final byte[] body;
    private final Call sealer;
    private final LongSupplier clock;

    /** {@code sealer}: null where the request was not encrypted. */
    Passed(Caller caller, byte[] body, Call sealer, LongSupplier clock) {
      this.caller = caller;
      this.body = body;
      this.sealer = sealer;
      this.clock = clock;
    }

    /** Who called. */
    public Caller caller() {
      return caller;
    }

    /** What the envelope contained; null where the request is not encrypted. */
    public byte[] body() {
      return body;
    }

    /**
     * Seals the one answer to an encrypted request: to be sent as it is, with its status 200.
     *
     * @throws CountersignException {@link ErrorCode#NOTHING_TO_SEAL} when the request was not encrypted, or has its answer
     */
    public Response seal(byte[] plain) {
      if (sealer == null) throw new CountersignException(ErrorCode.NOTHING_TO_SEAL, "the request was not encrypted");
      return Wire.reply(sealer.seal(plain, clock.getAsLong()));
    }

    @Override
    public void close() {
      if (sealer != null) sealer.close();
    }

    @Override
    public String toString() {
      return "Passed";
    }
  }
}
