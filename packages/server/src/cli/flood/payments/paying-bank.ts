import type { LastroClient } from '@lastro/client';

/** A bank of the consortium whose customers pay those of the others. */
export interface PayingBank {
  readonly id: string;
  readonly client: LastroClient;
  /** Of customers, all in one asset. */
  readonly accounts: readonly string[];
}

/** `<bank>/<account>`. */
export function placeAt({ id }: Pick<PayingBank, 'id'>, account: string): string {
  return `${id}/${account}`;
}
