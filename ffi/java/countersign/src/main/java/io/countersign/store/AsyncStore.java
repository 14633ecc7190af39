package io.countersign.store;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** As {@link Store}, for hosts that do not block. A stage that fails stands for the exception of the other. */
public interface AsyncStore {
  /** Answers every query, in their order. */
  CompletionStage<List<Answer>> read(List<Query> queries);

  /** Applies a batch, or refuses it. */
  CompletionStage<Outcome> commit(Batch batch);
}
