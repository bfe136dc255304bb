import {
  verifyDatabase,
  type VerifyReport,
} from '../../packages/server/src/ledger/journal/index.ts';

/** What `lastro verify` finds wrong with a bank's database. */
export async function verified(url: string): Promise<VerifyReport['differences']> {
  return (await verifyDatabase({ url, checkpoints: [], trustedKey: null })).differences;
}
