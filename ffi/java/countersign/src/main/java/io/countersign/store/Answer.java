package io.countersign.store;

import java.util.List;

/** What a store answers to a query. */
public sealed interface Answer permits Answer.Found, Answer.Page {
  /** To a get: the record, or null. */
  record Found(StoredRecord record) implements Answer {}

  /** To a scan: a page, and where the next one starts; null when nothing follows. */
  record Page(List<StoredRecord> records, Cursor next) implements Answer {}
}
