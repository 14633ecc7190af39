package io.countersign.store;

import java.util.List;

/** One write of a batch. */
public sealed interface Write permits Write.Put, Write.Check, Write.Append {
  /** The record's collection. */
  String collection();

  /** The record's id. */
  String id();

  /** The revision that the record must have; null: no such record may exist. */
  byte[] expect();

  /**
   * Creates or replaces a record.
   *
   * @param entries exactly these from now on; null keeps the present ones
   */
  record Put(String collection, String id, byte[] expect, byte[] body, Long expiresAt, List<IndexEntry> entries)
      implements Write {}

  /** Changes nothing, but what is expected must hold. */
  record Check(String collection, String id, byte[] expect) implements Write {}

  /** Creates a record; a conflict when it exists. */
  record Append(String collection, String id, byte[] body, Long expiresAt, List<IndexEntry> entries) implements Write {
    @Override
    public byte[] expect() {
      return null;
    }
  }
}
