/** What must be undone when the bench ends, however it ends; the last begun goes first. */
export class Cleanups {
  readonly #steps: { readonly what: string; readonly undo: () => Promise<void> }[] = [];
  #running: Promise<void> | undefined;

  /** `what`: names the step in a complaint, as in "stopping PostgreSQL". */
  add(what: string, undo: () => Promise<void>): void {
    this.#steps.push({ what, undo });
  }

  /** Whether the end has begun: what fails from now on fails because of it. */
  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Runs every step even if one fails; calls after the first join it. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#runAll();
    return this.#running;
  }

  async #runAll(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step.undo();
      } catch (error) {
        console.error(`bench: ${step.what} failed: ${String(error)}`);
      }
    }
  }
}
