import type { Logger } from 'pino';
import type { Register } from '../register/register.ts';
import { encodeMember, memberKey, type Member } from './member.ts';
import { Rounds } from './rounds.ts';

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
  readonly #rounds: Rounds;
  #failures = 0;

  constructor(parts: MemberKeeperParts) {
    this.#parts = parts;
    this.#rounds = new Rounds({
      round: async (stopping) => {
        const trouble = await this.#publish();
        if (!stopping.aborted) this.#note(trouble);
      },
      pauseMs: () => this.#pauseMs(),
    });
  }

  /** Begins in the background: a bank starts while its register is away. */
  start(): void {
    this.#rounds.start();
  }

  /** The bank says something else of itself from now on. */
  publishSoon(): void {
    this.#rounds.soon();
  }

  /** Resolves when nothing is under way; what is ends when the register is closed. */
  stop(): Promise<void> {
    return this.#rounds.stop();
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
