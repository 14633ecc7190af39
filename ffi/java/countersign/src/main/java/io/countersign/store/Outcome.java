package io.countersign.store;

import java.util.List;

/** What a store answers to a batch. */
public sealed interface Outcome permits Outcome.Applied, Outcome.Conflict {
  /** The batch is durable. */
  Outcome APPLIED = new Applied();

  /** The batch is durable; {@link #APPLIED}. */
  record Applied() implements Outcome {}

  /** Nothing was written: every write whose expectation failed, ascending by position, with its record as it is now. */
  record Conflict(List<Refused> refused) implements Outcome {}

  /**
   * A write whose expectation failed.
   *
   * @param position of the write in the batch, from 0
   * @param record as it is now; null when there is none
   */
  record Refused(int position, StoredRecord record) {}
}
