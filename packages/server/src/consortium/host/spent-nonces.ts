import type { Nonce, NonceStore } from '../messages/nonces.ts';
import type { Records } from './records.ts';

/**
 * Nonces of this process, and those that rode in a block of any process of this bank: of a message
 * that is taken for the second time the first effect is refused by the block at the latest.
 */
export class SpentNonces implements NonceStore {
  readonly #recent: NonceStore;
  readonly #records: Pick<Records, 'isNonceSpent'>;

  constructor(recent: NonceStore, records: Pick<Records, 'isNonceSpent'>) {
    this.#recent = recent;
    this.#records = records;
  }

  async spend(nonce: Nonce): Promise<boolean> {
    if (!(await this.#recent.spend(nonce))) return false;
    return !(await this.#records.isNonceSpent(nonce.keyId, nonce.value));
  }
}
