import type { CrossBankRecord } from '@lastro/core';

/** What the ledger has recorded of transactions, as the host reads it. */
export interface Records {
  one(id: string): Promise<CrossBankRecord | undefined>;
  /** Of all, in the order of their ids, those past `after`. */
  page(after: string | null, limit: number): Promise<readonly CrossBankRecord[]>;
  /** Of those that this bank still has to do something about. */
  unfinished(after: string | null, limit: number): Promise<readonly CrossBankRecord[]>;
  isNonceSpent(keyId: string, value: string): Promise<boolean>;
}

/** All of them, page by page. */
export async function* pagesOf(
  read: (after: string | null) => Promise<readonly CrossBankRecord[]>,
): AsyncGenerator<readonly CrossBankRecord[]> {
  let after: string | null = null;
  for (;;) {
    const page: readonly CrossBankRecord[] = await read(after);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.id;
  }
}
