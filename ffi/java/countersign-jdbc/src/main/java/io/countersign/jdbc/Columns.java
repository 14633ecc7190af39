package io.countersign.jdbc;

import io.countersign.store.IndexEntry;
import io.countersign.store.StoredRecord;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** How the tables keep what the database has no type for, as the library's own adapter does. */
final class Columns {
  private Columns() {}

  /** 64 unsigned bits as 64 signed ones in the same order, and back. */
  static long flipped(long value) {
    return value ^ Long.MIN_VALUE;
  }

  static Long flipped(Long value) {
    return value == null ? null : Long.valueOf(flipped(value.longValue()));
  }

  /** From columns rev, expires_at, body. */
  static StoredRecord record(ResultSet row, String id, int first) throws SQLException {
    byte[] rev = row.getBytes(first);
    long expires = row.getLong(first + 1);
    Long expiresAt = row.wasNull() ? null : Long.valueOf(flipped(expires));
    return new StoredRecord(id, rev, expiresAt, row.getBytes(first + 2));
  }

  private static final Comparator<IndexEntry> ORDER =
      Comparator.<IndexEntry, byte[]>comparing(line -> utf8(line.index()), Arrays::compareUnsigned)
          .thenComparing(IndexEntry::value, Arrays::compareUnsigned)
          .thenComparing(IndexEntry::sort, Long::compareUnsigned);

  /** Sorted, without duplicates. */
  static List<IndexEntry> lines(List<IndexEntry> entries) {
    List<IndexEntry> sorted = new ArrayList<>(entries);
    sorted.sort(ORDER);
    List<IndexEntry> lines = new ArrayList<>();
    for (IndexEntry line : sorted) {
      if (lines.isEmpty() || ORDER.compare(lines.get(lines.size() - 1), line) != 0) lines.add(line);
    }
    return lines;
  }

  static boolean contains(List<IndexEntry> lines, IndexEntry line) {
    return lines.stream().anyMatch(other -> ORDER.compare(other, line) == 0);
  }

  /** Lines as the column {@code entries} has them; null when there are none. */
  static byte[] pack(List<IndexEntry> lines) {
    if (lines.isEmpty()) return null;
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(packed)) {
      for (IndexEntry line : lines) {
        byte[] name = utf8(line.index());
        out.writeInt(name.length);
        out.write(name);
        out.writeInt(line.value().length);
        out.write(line.value());
        out.writeLong(line.sort());
      }
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return packed.toByteArray();
  }

  /** Reads what {@link #pack} wrote. */
  static List<IndexEntry> unpack(byte[] packed) {
    List<IndexEntry> lines = new ArrayList<>();
    if (packed == null) return lines;
    ByteBuffer in = ByteBuffer.wrap(packed);
    while (in.hasRemaining()) {
      String name = new String(bytes(in), StandardCharsets.UTF_8);
      lines.add(new IndexEntry(name, bytes(in), in.getLong()));
    }
    return lines;
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
