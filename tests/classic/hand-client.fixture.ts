/**
 * A client of the original that locks by itself: takes the lock of an account, reads it, says so, and
 * never comes back. `node hand-client.fixture.ts URL ACCOUNT ID`; it is killed from outside.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const [url, conta, id] = process.argv.slice(2);
const ask = async (operation: string) => {
  const answer = await fetch(`${url}/${operation}?id_negoc=${id}&conta=${conta}`, {
    headers: { token: 'ba0f' },
  });
  return answer.text();
};

while ((await ask('getLock')) !== '{}') await sleep(20);
await ask('getSaldo');
process.stdout.write('held\n');
await sleep(600_000);
