package io.countersign.store;

/** What a store is asked to read. */
public sealed interface Query permits Query.Get, Query.Scan {
  /** The collection of the records. */
  String collection();

  /** The record with this id. To be answered with an {@link Answer.Found}. */
  record Get(String collection, String id) implements Query {}

  /**
   * Records with an index entry. To be answered with an {@link Answer.Page}.
   *
   * @param index name of the index, within the collection
   * @param value entries with exactly this value
   * @param from smallest {@code sort}, unsigned, inclusive
   * @param to largest {@code sort}, unsigned, inclusive
   * @param newestFirst descending by (sort, id) instead of ascending; ids are ordered by their UTF-8
   * @param after only what follows this place; null: from the start
   * @param limit most records, 1 to 1000
   */
  record Scan(
      String collection, String index, byte[] value, long from, long to, boolean newestFirst, Cursor after, int limit)
      implements Query {}
}
