package io.countersign;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Calls about one record take turns, first come first served: queueing is cheaper than conflicts. */
final class Lanes {
  /** A lane that is in use, and who waits for it. */
  private final Map<String, Queue<CompletableFuture<Void>>> lanes = new HashMap<>();

  /** Done when it is the caller's turn, which ends with {@link #leave}. An empty name is no lane. */
  CompletableFuture<Void> enter(String lane) {
    CompletableFuture<Void> turn = new CompletableFuture<>();
    if (!lane.isEmpty()) {
      synchronized (lanes) {
        Queue<CompletableFuture<Void>> waiting = lanes.get(lane);
        if (waiting != null) {
          waiting.add(turn);
          return turn;
        }
        lanes.put(lane, new ArrayDeque<>());
      }
    }
    turn.complete(null);
    return turn;
  }

  void leave(String lane) {
    if (lane.isEmpty()) return;
    CompletableFuture<Void> next;
    synchronized (lanes) {
      next = lanes.get(lane).poll();
      if (next == null) lanes.remove(lane);
    }
    if (next != null) next.complete(null);
  }

  /** Number of lanes in use. */
  int size() {
    synchronized (lanes) {
      return lanes.size();
    }
  }
}
