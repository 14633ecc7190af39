// Fair queues: requests that will change the same record take turns instead of conflicting.

export class Lanes {
  #last = new Map();

  /** Runs `work` after everything that was queued under `name` before; at once for no name. */
  async run(name, work) {
    if (name === undefined) return work();
    const before = this.#last.get(name);
    // Whatever comes of the one before, the next has its turn.
    const turn = (async () => {
      await before?.catch(() => {});
      return work();
    })();
    this.#last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }

  /** Number of queues with somebody in them. */
  get size() {
    return this.#last.size;
  }
}
