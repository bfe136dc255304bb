import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { startBankInProcess } from '../harness/bank-in-process.ts';
import { openAccount } from '../harness/seeding.ts';
import { setTimeout as sleep } from 'node:timers/promises';
it('try', async () => {
  const bank = await startBankInProcess();
  await openAccount(bank, 'alice', 500);
  await openAccount(bank, 'bob', 500);
  for (let i=0;i<20;i++) await bank.call('POST', '/v1/transfers', {from:'alice',to:'bob',amount:30});
  for (const p of ['/v1/status','/metrics','/openapi.json','/','/errors','/docs','/docs/','/docs/json','/docs/static/swagger-initializer.js','/nope', '/docs/static/nope.js']) {
    const r = await bank.call('GET', p);
    writeFileSync('/tmp/try'+p.replaceAll('/','_'), JSON.stringify(r.headers,null,1)+'\n\n'+r.text);
    console.error(p, r.status, r.text.length);
  }
  console.error(bank.url, bank.complaints);
  writeFileSync('/tmp/bank-url', bank.url);
  if (process.env['HOLD']) { for (let i=0;i<Number(process.env['HOLD']);i++) { await sleep(1000); await bank.call('POST', '/v1/transfers', {from:'bob',to:'alice',amount:3}); } }
  await bank.stop();
}, 600000);
