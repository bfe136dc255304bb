import assert from 'node:assert/strict';
import type {
  Attempt,
  Claim,
  Guard,
  KeyRange,
  RegisterHome,
  Retirement,
  Standing,
  Swap,
  Swapped,
  TaggedEntry,
} from '../home.ts';
import type { Position } from '../position.ts';
import type { EtcdAddress } from '../register-address.ts';
import type { RegisterTls } from '../register-tls.ts';
import {
  readAnswer,
  splitStored,
  type Answered,
  type KeyValue,
  type OperationAnswer,
} from './answers.ts';
import { Endpoints } from './endpoints.ts';
import { Session } from './session.ts';
import {
  creating,
  establishing,
  Layout,
  listing,
  reading,
  retiring,
  swapping,
  type Transaction,
} from './transactions.ts';

/**
 * The register in an etcd v3 cluster. Every step is one transaction through the cluster's majority;
 * none asks for a serializable read, so a member that is behind catches up before it answers.
 */
export class EtcdHome implements RegisterHome {
  readonly #session: Session;
  readonly #layout: Layout;

  constructor({ origins, name, login }: EtcdAddress, tls: RegisterTls) {
    this.#session = new Session(new Endpoints(origins, tls), login);
    this.#layout = new Layout(name);
  }

  async establish(generation: string | null, signal: AbortSignal): Promise<Attempt<null>> {
    const answered = await this.#send(establishing(this.#layout, generation), signal);
    if ('kind' in answered) return answered;
    if (answered.transaction.succeeded && generation !== null) {
      const position = { generation, revision: answered.revision };
      return { kind: 'done', position, result: null };
    }
    const position = positionOf(answered);
    return position === null
      ? { kind: 'guarded', seen: null }
      : { kind: 'done', position, result: null };
  }

  position(guard: Guard, signal: AbortSignal): Promise<Attempt<null>> {
    return this.#read(guard, reading(this.#layout, guard, null), signal, () => null);
  }

  read(guard: Guard, key: string, signal: AbortSignal): Promise<Attempt<TaggedEntry | null>> {
    return this.#read(guard, reading(this.#layout, guard, key), signal, (answer) =>
      this.#firstEntry(answer),
    );
  }

  list(
    guard: Guard,
    range: KeyRange,
    signal: AbortSignal,
  ): Promise<Attempt<readonly TaggedEntry[]>> {
    return this.#read(guard, listing(this.#layout, guard, range), signal, (answer) =>
      (answer?.keyValues ?? []).map((keyValue) => this.#entryOf(keyValue)),
    );
  }

  create(
    guard: Guard,
    claims: readonly Claim[],
    signal: AbortSignal,
  ): Promise<Attempt<readonly Standing[]>> {
    const transaction = creating(this.#layout, guard, claims);
    return this.#change(guard, transaction, signal, (answers, revision) =>
      claims.map((claim, index) => this.#standingOf(claim, answers[index], revision)),
    );
  }

  swap(guard: Guard, swap: Swap, signal: AbortSignal): Promise<Attempt<Swapped>> {
    const transaction = swapping(this.#layout, guard, swap);
    return this.#change(guard, transaction, signal, ([answer], revision): Swapped => {
      if (answer?.nested?.succeeded !== true) {
        return { kind: 'changed', entry: this.#firstEntry(answer?.nested?.operations[0]) };
      }
      const { key, value, tag } = swap;
      return { kind: 'swapped', entry: value === null ? null : { key, value, tag, revision } };
    });
  }

  retire(guard: Guard, retirement: Retirement, signal: AbortSignal): Promise<Attempt<string>> {
    const transaction = retiring(this.#layout, guard, retirement);
    return this.#change(guard, transaction, signal, ([raise]) => {
      const standing = raise?.nested?.operations[0]?.keyValues[0];
      return standing === undefined ? retirement.floor : plainText(standing.value);
    });
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** The first operation of a read ranges over the revision's key, the second over what is wanted. */
  async #read<Result>(
    guard: Guard,
    transaction: Transaction,
    signal: AbortSignal,
    resultOf: (answer: OperationAnswer | undefined) => Result,
  ): Promise<Attempt<Result>> {
    const answered = await this.#send(transaction, signal);
    if ('kind' in answered) return answered;
    const { succeeded, operations } = answered.transaction;
    if (!succeeded) return { kind: 'guarded', seen: positionOf(answered) };
    const [at, wanted] = operations;
    const revision = at?.keyValues[0]?.modRevision;
    assert(revision !== undefined, 'the guard held, so the revision stands');
    const position = { generation: guard.generation, revision };
    return { kind: 'done', position, result: resultOf(wanted) };
  }

  /** The first operation of a change puts the revision's key; `resultOf` sees the ones after it. */
  async #change<Result>(
    guard: Guard,
    transaction: Transaction,
    signal: AbortSignal,
    resultOf: (answers: readonly OperationAnswer[], revision: bigint) => Result,
  ): Promise<Attempt<Result>> {
    const answered = await this.#send(transaction, signal);
    if ('kind' in answered) return answered;
    const { revision } = answered;
    const { succeeded, operations } = answered.transaction;
    if (!succeeded) return { kind: 'guarded', seen: positionOf(answered) };
    const position = { generation: guard.generation, revision };
    return { kind: 'done', position, result: resultOf(operations.slice(1), revision) };
  }

  async #send(
    transaction: Transaction,
    signal: AbortSignal,
  ): Promise<Answered | Extract<Attempt<never>, { readonly kind: 'away' }>> {
    const exchange = await this.#session.post('/v3/kv/txn', JSON.stringify(transaction), signal);
    return readAnswer(exchange);
  }

  #standingOf(
    { key, value, tag }: Claim,
    answer: OperationAnswer | undefined,
    revision: bigint,
  ): Standing {
    const made: Standing = { kind: 'stands', entry: { key, value, tag, revision } };
    const outer = answer?.nested;
    assert(outer !== undefined && outer !== null, 'a claim is a transaction of its own');
    if (!outer.succeeded) {
      const entry = this.#firstEntry(outer.operations[0]);
      assert(entry !== null, 'a claim was not made, so something stands');
      return { kind: 'stands', entry };
    }
    const unlessBelow = outer.operations[0]?.nested ?? null;
    if (unlessBelow === null || !unlessBelow.succeeded) return made;
    const floor = unlessBelow.operations[0]?.keyValues[0];
    assert(floor !== undefined, 'a claim was below a floor, so the floor stands');
    return { kind: 'below_floor', floor: plainText(floor.value) };
  }

  #firstEntry(answer: OperationAnswer | undefined): TaggedEntry | null {
    const [keyValue] = answer?.keyValues ?? [];
    return keyValue === undefined ? null : this.#entryOf(keyValue);
  }

  #entryOf({ key, value, modRevision }: KeyValue): TaggedEntry {
    return { key: this.#layout.keyOf(key), ...splitStored(value), revision: modRevision };
  }
}

/** Of a transaction whose operations range over the generation's key and the revision's. */
function positionOf({ transaction }: Answered): Position | null {
  const [generation, revision] = transaction.operations.map(({ keyValues }) => keyValues[0]);
  if (generation === undefined || revision === undefined) return null;
  return { generation: plainText(generation.value), revision: revision.modRevision };
}

function plainText(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}
