import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Register } from '../register/register.ts';
import { encodeMember, memberKey, type Member } from './member.ts';

export interface MemberKeeperParts {
  readonly bank: string;
  readonly register: Pick<Register, 'read' | 'create' | 'replace'>;
  /** What this bank says of itself now. */
  readonly member: () => Member;
  readonly log: Logger;
  /** In [0, 1). */
  readonly random: () => number;
}

const PAUSE_FIRST_MS = 500;
const PAUSE_LONGEST_MS = 30_000;

/** How often it looks whether the entry still stands: a register may have been exchanged. */
const LOOK_EVERY_MS = 600_000;

/** Keeps this bank's own entry in the register as it should be, whenever the register is there. */
export class MemberKeeper {
  readonly #parts: MemberKeeperParts;
  readonly #stopping = new AbortController();
  #wake = new AbortController();
  #running: Promise<void> | undefined;
  #failures = 0;

  constructor(parts: MemberKeeperParts) {
    this.#parts = parts;
  }

  /** Begins in the background: a bank starts while its register is away. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** The bank says something else of itself from now on. */
  publishSoon(): void {
    this.#wake.abort();
  }

  /** Resolves when nothing is under way; what is ends when the register is closed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#wake = new AbortController();
      const trouble = await this.#publish();
      if (this.#stopping.signal.aborted) return;
      this.#note(trouble);
      await sleep(this.#pauseMs(), undefined, { signal: this.#wake.signal }).catch(() => undefined);
    }
  }

  #note(trouble: string | undefined): void {
    const { log, bank } = this.#parts;
    if (trouble === undefined) {
      if (this.#failures > 0) log.info({ bank }, 'the own entry stands in the register');
      this.#failures = 0;
      return;
    }
    // Once for each time that it is away, for it is tried for as long as that lasts.
    if (this.#failures === 0) log.warn({ bank, trouble }, 'the own entry is not in the register');
    this.#failures += 1;
  }

  #pauseMs(): number {
    if (this.#failures === 0) return LOOK_EVERY_MS;
    const longest = Math.min(PAUSE_FIRST_MS * 2 ** (this.#failures - 1), PAUSE_LONGEST_MS);
    return longest * (0.5 + this.#parts.random() / 2);
  }

  /** Undefined: it stands. Otherwise why it doesn't yet. */
  async #publish(): Promise<string | undefined> {
    const { register, bank, member } = this.#parts;
    const key = memberKey(bank);
    const value = encodeMember(member());
    const found = await register.read(key);
    if (found.kind !== 'answered') return found.kind;
    if (found.result === null) {
      const created = await register.create(key, value);
      return created.kind === 'answered' && created.result.kind === 'created'
        ? undefined
        : 'it changed meanwhile';
    }
    if (found.result.value.toString('utf8') === value) return undefined;
    const replaced = await register.replace(key, found.result.revision, value);
    return replaced.kind === 'answered' && replaced.result.kind === 'replaced'
      ? undefined
      : 'it changed meanwhile';
  }
}
