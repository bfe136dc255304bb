import assert from 'node:assert/strict';
import { tryUntilSettled, type Settled } from './attempts.ts';
import { CreateLane } from './create-lane.ts';
import type { Attempt, Guard, RegisterHome, Swapped, TaggedEntry } from './home.ts';
import type { RegisterLimits } from './limits.ts';
import { advancePin, checkPin, type Position } from './position.ts';
import {
  assertKey,
  assertPrefix,
  assertReplaceable,
  decisionKey,
  PAGE_ENTRIES_MAX,
  RETIRED_IDS_MAX,
  valueBytes,
} from './register-key.ts';
import type {
  CallOptions,
  Creation,
  Entry,
  Page,
  Register,
  RegisterAnswer,
  RegisterFailure,
  RegisterUnavailable,
  RegisterValue,
  Replacement,
} from './register.ts';
import { untilAborted } from './until-aborted.ts';

export interface HomedRegisterOptions {
  readonly home: RegisterHome;
  /** The newest position that this bank has kept; null only for one that never used a register. */
  readonly pin: Position | null;
  readonly limits: RegisterLimits;
  /** In [0, 1). */
  readonly random: () => number;
  /** A new UUID. */
  readonly newId: () => string;
}

/** Deadlines, repeats, bounds and the pin, over any home. */
export class HomedRegister implements Register {
  readonly #home: RegisterHome;
  readonly #limits: RegisterLimits;
  readonly #options: HomedRegisterOptions;
  readonly #lane: CreateLane;
  readonly #closing = new AbortController();
  #pin: Position | null;
  #isEstablished = false;
  #establishing: Promise<Attempt<null>> | undefined;
  #calls = 0;
  #closed: Promise<void> | undefined;

  constructor(options: HomedRegisterOptions) {
    this.#options = options;
    this.#home = options.home;
    this.#limits = options.limits;
    this.#pin = options.pin;
    this.#lane = new CreateLane(
      (claims, endsAt) =>
        this.#perform(endsAt, (guard, signal) => this.#home.create(guard, claims, signal)),
      options.limits,
    );
  }

  position(options: CallOptions = {}): Promise<RegisterAnswer<null>> {
    return this.#call(options, (guard, signal) => this.#home.position(guard, signal));
  }

  async read(key: string, options: CallOptions = {}): Promise<RegisterAnswer<Entry | null>> {
    assertKey(key);
    const answer = await this.#call(options, (guard, signal) =>
      this.#home.read(guard, key, signal),
    );
    return answer.kind === 'answered' ? { ...answer, result: withoutTag(answer.result) } : answer;
  }

  async create(
    key: string,
    value: RegisterValue,
    options: CallOptions = {},
  ): Promise<RegisterAnswer<Creation>> {
    assertKey(key);
    const claim = { key, value: valueBytes(value), tag: this.#options.newId() };
    return this.#lane.submit(claim, this.#endOf(options));
  }

  async replace(
    key: string,
    revision: bigint,
    value: RegisterValue | null,
    options: CallOptions = {},
  ): Promise<RegisterAnswer<Replacement>> {
    assertReplaceable(key);
    const tag = this.#options.newId();
    const swap = { key, revision, value: value === null ? null : valueBytes(value), tag };
    let wasUnknown = false;
    const answer = await this.#call(
      options,
      (guard, signal) => this.#home.swap(guard, swap, signal),
      (settled) => {
        wasUnknown = settled.wasUnknown;
      },
    );
    if (answer.kind !== 'answered') return answer;
    const result = replacementOf(answer.result, tag, wasUnknown);
    if (result !== undefined) return { ...answer, result };
    return unavailable('unknown', `${key} was changed again before it was known by whom`);
  }

  async retire(
    coordinator: string,
    floor: string,
    ids: readonly string[],
    options: CallOptions = {},
  ): Promise<RegisterAnswer<{ readonly floor: string }>> {
    assert(
      ids.length <= RETIRED_IDS_MAX,
      `at most ${RETIRED_IDS_MAX} decisions are retired at once`,
    );
    decisionKey(coordinator, floor);
    for (const id of ids) {
      decisionKey(coordinator, id);
      assert(id < floor, `${id} is not below the floor ${floor}`);
    }
    const retirement = { coordinator, floor, ids: [...new Set(ids)] };
    const answer = await this.#call(options, (guard, signal) =>
      this.#home.retire(guard, retirement, signal),
    );
    return answer.kind === 'answered' ? { ...answer, result: { floor: answer.result } } : answer;
  }

  async list(
    prefix: string,
    { after = null, limit }: { readonly after?: string | null; readonly limit: number },
    options: CallOptions = {},
  ): Promise<RegisterAnswer<Page>> {
    assertPrefix(prefix);
    assert(limit >= 1 && limit <= PAGE_ENTRIES_MAX, `a page has 1 to ${PAGE_ENTRIES_MAX} entries`);
    assert(after === null || after.startsWith(prefix), 'a page goes on within its prefix');
    const range = { prefix, after, limit: limit + 1 };
    const answer = await this.#call(options, (guard, signal) =>
      this.#home.list(guard, range, signal),
    );
    if (answer.kind !== 'answered') return answer;
    const entries = answer.result.slice(0, limit).map(plainEntry);
    const next = answer.result.length > limit ? (entries.at(-1)?.key ?? null) : null;
    return { ...answer, result: { entries, next } };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#closed ??= this.#home.close();
    await this.#closed;
  }

  #endOf({ timeoutMs = this.#limits.callTimeoutMs }: CallOptions): number {
    return performance.now() + timeoutMs;
  }

  /** `onSettled` sees the attempts' end before it becomes an answer. */
  async #call<Result>(
    options: CallOptions,
    step: (guard: Guard, signal: AbortSignal) => Promise<Attempt<Result>>,
    onSettled: (settled: Settled<Result>) => void = () => undefined,
  ): Promise<RegisterAnswer<Result>> {
    if (this.#calls >= this.#limits.callsMax) {
      return unavailable('none', 'too many calls wait for the register');
    }
    this.#calls += 1;
    try {
      return await this.#perform(this.#endOf(options), step, onSettled);
    } finally {
      this.#calls -= 1;
    }
  }

  async #perform<Result>(
    endsAt: number,
    step: (guard: Guard, signal: AbortSignal) => Promise<Attempt<Result>>,
    onSettled: (settled: Settled<Result>) => void = () => undefined,
  ): Promise<RegisterAnswer<Result>> {
    const { limits, random } = this.#options;
    const settled = await tryUntilSettled(
      async (signal) => {
        const guard = await this.#guard(signal);
        return 'kind' in guard ? guard : step(guard, signal);
      },
      { limits, random, endsAt, closing: this.#closing.signal },
    );
    onSettled(settled);
    return this.#answerOf(settled);
  }

  /** The pin at the moment of asking: whoever answers must have seen what was answered before. */
  async #guard(signal: AbortSignal): Promise<Guard | Exclude<Attempt<never>, { kind: 'done' }>> {
    if (!this.#isEstablished) {
      const attempt = await this.#establish(signal);
      if (attempt.kind !== 'done') return attempt;
      this.#isEstablished = true;
      this.#pin ??= attempt.position;
    }
    return (
      this.#pin ?? { kind: 'away', effect: 'none', reason: 'the register has no position yet' }
    );
  }

  /** Once for all who wait; each of them by its own deadline. */
  async #establish(signal: AbortSignal): Promise<Attempt<null>> {
    this.#establishing ??= this.#startEstablishing();
    return untilAborted<Attempt<null>>(this.#establishing, signal, {
      kind: 'away',
      effect: 'none',
      reason: 'the register did not answer in time',
    });
  }

  async #startEstablishing(): Promise<Attempt<null>> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const timer = setTimeout(abort, this.#limits.callTimeoutMs);
    this.#closing.signal.addEventListener('abort', abort, { once: true });
    try {
      const generation = this.#options.pin === null ? this.#options.newId() : null;
      return await this.#home.establish(generation, controller.signal);
    } finally {
      clearTimeout(timer);
      this.#closing.signal.removeEventListener('abort', abort);
      this.#establishing = undefined;
    }
  }

  #answerOf<Result>(settled: Settled<Result>): RegisterAnswer<Result> {
    switch (settled.kind) {
      case 'done':
        this.#pin = advancePin(this.#pin, settled.position);
        return { kind: 'answered', position: settled.position, result: settled.result };
      case 'guarded':
        return this.#refusal(settled.seen);
      case 'away':
        return unavailable(settled.effect, settled.reason);
    }
  }

  #refusal(seen: Position | null): RegisterFailure {
    const pinned = this.#pin ?? this.#options.pin;
    assert(pinned !== null, 'nothing was pinned, and yet the guard did not hold');
    const verdict = checkPin(pinned, seen);
    switch (verdict) {
      case 'went_back':
        return { kind: 'register_went_back', pinned, seen };
      case 'replaced':
        return { kind: 'register_replaced', pinned, seen };
      case 'holds':
        return unavailable('none', 'the register refused a pin that holds');
    }
  }
}

/** Undefined: an earlier try of this call may have had effect, and its trace is overwritten. */
function replacementOf(
  swapped: Swapped,
  tag: string,
  wasUnknown: boolean,
): Replacement | undefined {
  const entry = withoutTag(swapped.entry);
  if (swapped.kind === 'swapped') return { kind: 'replaced', entry };
  if (swapped.entry?.tag === tag) return { kind: 'replaced', entry };
  return wasUnknown ? undefined : { kind: 'changed', entry };
}

function withoutTag(tagged: TaggedEntry | null): Entry | null {
  return tagged === null ? null : plainEntry(tagged);
}

function plainEntry({ key, value, revision }: TaggedEntry): Entry {
  return { key, value, revision };
}

function unavailable(effect: 'none' | 'unknown', reason: string): RegisterUnavailable {
  return { kind: 'register_unavailable', effect, reason };
}
