package io.countersign;

import io.countersign.Call.Step;
import io.countersign.store.Answer;
import io.countersign.store.AsyncStore;
import io.countersign.store.NotAppliedException;
import io.countersign.store.Outcome;
import io.countersign.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The loop around a call's steps. No thread is inside the library while a store works. */
final class Driver {
  private final Lanes lanes = new Lanes();
  private final LongSupplier clock;
  private final Duration timeout;
  private final Consumer<Throwable> onStoreError;

  Driver(LongSupplier clock, Duration timeout, Consumer<Throwable> onStoreError) {
    this.clock = clock;
    this.timeout = timeout;
    this.onStoreError = onStoreError;
  }

  /** The last step of the call, taken in this thread; the call stays open. */
  Step drive(Call call, Store store) {
    String lane = call.lane();
    lanes.enter(lane).join();
    try {
      Step step = call.step(null, clock.getAsLong());
      while (step.kind() != Call.Kind.END) step = call.step(answer(step, store), clock.getAsLong());
      return step;
    } finally {
      lanes.leave(lane);
    }
  }

  /** The same without blocking; steps are taken where the store completes its stages. */
  CompletableFuture<Step> drive(Call call, AsyncStore store, Executor executor) {
    String lane = call.lane();
    return lanes
        .enter(lane)
        .thenComposeAsync(
            turn -> {
              CompletableFuture<Step> end;
              try {
                end = next(call, store, null);
              } catch (RuntimeException | Error error) {
                end = CompletableFuture.failedFuture(error);
              }
              return end.whenComplete((step, error) -> lanes.leave(lane));
            },
            executor);
  }

  private CompletableFuture<Step> next(Call call, AsyncStore store, byte[] answer) {
    Step step = call.step(answer, clock.getAsLong());
    if (step.kind() == Call.Kind.END) return CompletableFuture.completedFuture(step);
    return answer(step, store).thenCompose(bytes -> next(call, store, bytes));
  }

  private byte[] answer(Step step, Store store) {
    boolean reading = step.kind() == Call.Kind.READ;
    try {
      if (reading) return Wire.answers(store.read(Wire.queries(step.answer())));
      return Wire.outcome(store.commit(Wire.batch(step.answer())));
    } catch (Exception | Error error) {
      if (error instanceof InterruptedException) Thread.currentThread().interrupt();
      return failed(reading, error);
    }
  }

  private CompletableFuture<byte[]> answer(Step step, AsyncStore store) {
    if (step.kind() == Call.Kind.READ) {
      CompletableFuture<List<Answer>> answers = inTime(() -> store.read(Wire.queries(step.answer())));
      return answers.thenApply(Wire::answers).exceptionally(error -> failed(true, error));
    }
    CompletableFuture<Outcome> outcome = inTime(() -> store.commit(Wire.batch(step.answer())));
    return outcome.thenApply(Wire::outcome).exceptionally(error -> failed(false, error));
  }

  private <T> CompletableFuture<T> inTime(Supplier<CompletionStage<T>> begin) {
    try {
      // A copy: the store's own stage is not ended by our patience.
      return begin.get().toCompletableFuture().copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException | Error error) {
      return CompletableFuture.failedFuture(error);
    }
  }

  /** Anything else than a promise that nothing happened: the engine finds out. */
  private byte[] failed(boolean reading, Throwable error) {
    Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    try {
      onStoreError.accept(cause);
    } catch (RuntimeException ignored) {
      // A listener that fails changes nothing.
    }
    return reading || cause instanceof NotAppliedException ? Wire.notApplied() : Wire.unknown();
  }
}
