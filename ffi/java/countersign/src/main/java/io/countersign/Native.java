package io.countersign;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The native methods. An answer is 0 and the result, or 1, a code and a text. */
final class Native {
  static {
    NativeLibrary.load();
  }

  private Native() {}

  static native int abi();

  static native byte[] codes();

  static native byte[] open(int keyId, byte[] key, int flags, int store, byte[] path);

  static native byte[] close(long engine);

  static native byte[] handle(long engine, byte[] request, long nowMs);

  static native byte[] begin(long engine, byte[] request);

  static native byte[] lane(long call);

  static native byte[] step(long call, byte[] previous, long nowMs);

  static native byte[] free(long call);

  static native byte[] check(
      long engine, int proof, int encryption, int factors, int flags, byte[] resource, int maxBody, byte[] request, long nowMs);

  static native byte[] beginCheck(
      long engine, int proof, int encryption, int factors, int flags, byte[] resource, int maxBody, byte[] request);

  static native byte[] seal(long call, byte[] body, long nowMs);

  static native byte[] protocol(byte[] command, long nowMs);

  static native byte[] phone(byte[] settings);

  static native byte[] freePhone(long phone);

  static native byte[] perform(long phone, byte[] command, long nowMs);

  static native byte[] answerPhone(long phone, int status, byte[] body, long nowMs);

  /** Where the result begins in an answer that is one. */
  static final int RESULT = 1;

  /** The same answer, if the call worked. */
  static byte[] checked(byte[] answer) {
    if (answer[0] == 0) return answer;
    ErrorCode code = ErrorCode.of(ByteBuffer.wrap(answer).getInt(1));
    throw new CountersignException(code, text(answer, 5));
  }

  /** The handle in an answer. */
  static long number(byte[] answer) {
    return ByteBuffer.wrap(checked(answer)).getLong(RESULT);
  }

  static String text(byte[] bytes, int from) {
    return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
  }
}
