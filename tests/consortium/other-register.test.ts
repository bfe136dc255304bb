import { expect, onTestFinished, test, vi } from 'vitest';
import { abandonDatabase, createDatabase } from '../harness/postgres.ts';
import { startConsortium } from './consortium.ts';
import { checkConsortium, moneyIn } from './consortium-books.ts';
import { payment } from './cross-requests.ts';
import { settleTown } from './town.ts';

vi.setConfig({ testTimeout: 180_000 });

test('a member that decides in another register is refused, in both directions, and nothing is held', async () => {
  const otherRegisterUrl = await createDatabase();
  const consortium = await startConsortium({ names: ['alfa', 'zeta'], otherRegisterUrl });
  onTestFinished(async () => {
    await consortium.stop();
    await abandonDatabase(otherRegisterUrl);
  });
  await settleTown(consortium.banks, { accounts: 1, consents: false });
  const money = await moneyIn(consortium.banks);
  for (const [bank, other] of [
    ['alfa', 'zeta'],
    ['zeta', 'alfa'],
  ] as const) {
    const { path, body } = payment({ from: `${bank}/p-0`, to: `${other}/p-0`, amount: 5 });
    const reply = await consortium.bank(bank).call('POST', path, body);
    expect(reply.body, reply.text).toMatchObject({
      status: 422,
      code: 'transaction_aborted',
      reason: 'other_generation',
      bank: other,
    });
  }
  await checkConsortium(consortium.banks, money);
});
