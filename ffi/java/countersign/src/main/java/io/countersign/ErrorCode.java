package io.countersign;

/** What was wrong with a call of the library. The numbers are those of the C interface and never change their meaning. */
public enum ErrorCode {
  NULL_POINTER(100),
  LENGTH(101),
  NOT_UTF8(102),
  ARGUMENT(103),
  STRUCT_SIZE(104),
  UNKNOWN_HANDLE(200),
  /** The engine or the call was closed. */
  STALE_HANDLE(201),
  WRONG_HANDLE(202),
  /** Another thread is inside a step of the same call. */
  BUSY(203),
  TOO_MANY_HANDLES(204),
  /** A store's answer is not in the wire format; the call waits for the same answer as before. */
  MALFORMED(300),
  /** A store's answer does not answer what was asked; the call waits for the same answer as before. */
  UNEXPECTED(301),
  /** The call has given its reply, or failed inside a step. */
  FINISHED(302),
  /** There was no encrypted request, or it has its answer. */
  NOTHING_TO_SEAL(303),
  NO_STORE(400),
  OWN_STORE(401),
  /** The built-in store cannot be opened, or this build does not have it. */
  STORE_OPEN(402),
  CLOCK(900),
  /** A defect of the library was contained. The engine still works. */
  PANIC(901),
  INTERNAL(902),
  /** A number that this version of the package does not know. */
  OTHER(-1);

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  /** Its number in every language. */
  public int number() {
    return number;
  }

  static ErrorCode of(int number) {
    for (ErrorCode code : values()) {
      if (code.number == number) return code;
    }
    return OTHER;
  }
}
