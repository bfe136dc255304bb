import type { OwnKey } from '../messages/bank-keys.ts';
import { signYeses, type Promised } from './yes-signature.ts';

interface Waiting {
  readonly promised: Promised;
  readonly resolve: (yes: string) => void;
  readonly reject: (error: unknown) => void;
}

/** Signs this bank's own yes to what it begins: clients that came at the same moment share a signature. */
export class YesSigner {
  readonly #ownKey: () => OwnKey;
  #waiting: Waiting[] = [];

  constructor(ownKey: () => OwnKey) {
    this.#ownKey = ownKey;
  }

  sign(promised: Promised): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#waiting.push({ promised, resolve, reject });
    // What was read from the network in the same turn of the loop is heard before.
    if (this.#waiting.length === 1) setImmediate(() => this.#signAll());
    return promise;
  }

  #signAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const yeses = signYeses(
        this.#ownKey(),
        waiting.map(({ promised }) => promised),
      );
      for (const [index, { resolve }] of waiting.entries()) resolve(yeses[index] ?? '');
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
