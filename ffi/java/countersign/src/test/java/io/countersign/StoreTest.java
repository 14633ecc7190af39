package io.countersign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.store.Answer;
import io.countersign.store.Batch;
import io.countersign.store.MemoryStore;
import io.countersign.store.Outcome;
import io.countersign.store.Query;
import io.countersign.store.Store;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreTest {
  @Test
  void theMemoryStoreKeepsTheContract() throws Exception {
    int count = 0;
    for (Suite.Result result; (result = Suite.run(count, MemoryStore::new)) != null; count++) {
      assertEquals("", result.wrong(), result.name());
    }
    System.out.println(count + " cases");
    assertTrue(count > 30);
  }

  @Test
  void aStoreThatForgetsIsCaught() throws Exception {
    int caught = 0;
    int count = 0;
    for (Suite.Result result; (result = Suite.run(count, Forgetful::new)) != null; count++) {
      if (!result.wrong().isEmpty()) caught++;
    }
    System.out.println(caught + " of " + count + " cases catch it");
    assertTrue(caught > count / 2);
  }

  private static final class Forgetful implements Store {
    private final MemoryStore memory = new MemoryStore();

    @Override
    public List<Answer> read(List<Query> queries) {
      return memory.read(queries);
    }

    @Override
    public Outcome commit(Batch batch) {
      return Outcome.APPLIED;
    }
  }
}
