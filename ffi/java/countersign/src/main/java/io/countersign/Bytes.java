package io.countersign;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The fields that messages are made of, as docs/embedding.md has them. */
final class Bytes {
  private Bytes() {}

  /** Writes a message. */
  static final class Writer {
    private byte[] out;
    private int length;

    Writer(int kind) {
      this(kind, 512);
    }

    /** With room for so many bytes before it has to grow. */
    Writer(int kind, int room) {
      out = new byte[room];
      u8(1);
      u8(kind);
    }

    byte[] finish() {
      return length == out.length ? out : Arrays.copyOf(out, length);
    }

    private int room(int more) {
      if (more > out.length - length) out = Arrays.copyOf(out, Math.max(out.length * 2, Math.addExact(length, more)));
      int at = length;
      length += more;
      return at;
    }

    void u8(int value) {
      int at = room(1);
      out[at] = (byte) value;
    }

    void u16(int value, String what) {
      if (value > 0xffff) throw new IllegalArgumentException(what + " is too long");
      int at = room(2);
      out[at] = (byte) (value >> 8);
      out[at + 1] = (byte) value;
    }

    void u32(int value) {
      int at = room(4);
      ByteBuffer.wrap(out).putInt(at, value);
    }

    void u64(long value) {
      int at = room(8);
      ByteBuffer.wrap(out).putLong(at, value);
    }

    void raw(byte[] bytes) {
      int at = room(bytes.length);
      System.arraycopy(bytes, 0, out, at, bytes.length);
    }

    void text(String text, String what) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      u16(bytes.length, what);
      raw(bytes);
    }

    void bytes(byte[] bytes) {
      u32(bytes.length);
      raw(bytes);
    }

    <T> void optional(T value, Consumer<T> write) {
      u8(value == null ? 0 : 1);
      if (value != null) write.accept(value);
    }
  }

  /** Reads a message of the engine's, which can be trusted. */
  static final class Reader {
    private final ByteBuffer in;

    /** From a native answer, behind version and kind. */
    Reader(byte[] answer) {
      in = ByteBuffer.wrap(answer);
      if (answer.length < Native.RESULT + 2 || answer[Native.RESULT] != 1) {
        throw new CountersignException(ErrorCode.INTERNAL, "a message of another version");
      }
      in.position(Native.RESULT + 2);
    }

    int u8() {
      return in.get() & 0xff;
    }

    int u16() {
      return in.getShort() & 0xffff;
    }

    int u32() {
      return in.getInt();
    }

    long u64() {
      return in.getLong();
    }

    byte[] take(int length) {
      if (length < 0 || length > in.remaining()) throw new BufferUnderflowException();
      byte[] bytes = new byte[length];
      in.get(bytes);
      return bytes;
    }

    String text() {
      int length = u16();
      if (length > in.remaining()) throw new BufferUnderflowException();
      String text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
      in.position(in.position() + length);
      return text;
    }

    byte[] bytes() {
      return take(u32());
    }

    <T> T optional(Supplier<T> read) {
      return u8() == 0 ? null : read.get();
    }

    <T> List<T> list(Supplier<T> read) {
      int count = u16();
      List<T> list = new ArrayList<>(Math.min(count, in.remaining()));
      for (int i = 0; i < count; i++) list.add(read.get());
      return list;
    }
  }
}
