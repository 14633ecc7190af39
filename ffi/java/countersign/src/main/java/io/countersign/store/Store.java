package io.countersign.store;

import java.util.List;

/**
 * A host's own store, called from any thread, several at a time. It promises:
 *
 * <ul>
 *   <li>A commit is all or nothing, and durable before it is answered; every later read sees it.
 *   <li>Expectations are judged against the latest committed state, under a lock or an equivalent.
 *   <li>A conflict lists every write whose expectation failed, with the record as it is now.
 *   <li>{@link NotAppliedException} means that nothing was written; any other exception that nobody knows.
 *   <li>A record may vanish after its {@code expiresAt}, never before. Gets are exact, scans may be stale.
 * </ul>
 */
public interface Store {
  /** Answers every query, in their order. */
  List<Answer> read(List<Query> queries) throws Exception;

  /** Applies a batch, or refuses it. */
  Outcome commit(Batch batch) throws Exception;

  /**
   * Drops records that expired before a moment: work of the host's own, now and then, unless its store does so by itself.
   *
   * @param before milliseconds since 1970, unsigned
   * @param limit most records to drop
   * @return how many were dropped
   */
  default long purge(long before, int limit) throws Exception {
    return 0;
  }
}
