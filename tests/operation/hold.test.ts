import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { execFileSync, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { startBankInProcess } from '../harness/bank-in-process.ts';
it('try', async () => {
  const bank = await startBankInProcess();
  const r = await promisify(execFile)('chromium', ['--headless','--no-sandbox','--disable-gpu','--user-data-dir=/tmp/chr-y','--disable-background-networking','--disable-component-update','--disable-sync','--no-first-run','--enable-logging=stderr','--window-size=1100,1700','--virtual-time-budget=15000','--screenshot=/tmp/shot-op.png', bank.url+'/docs#/transfers/postTransfers'], {timeout: 60000});
  console.error((r.stderr).split('\n').filter((l)=>/CONSOLE|Content Sec/i.test(l)).join('\n'));
  const css = (await bank.call('GET','/docs/static/swagger-ui.css')).text;
  console.error('css', [...new Set(css.match(/(https?:)?\/\/[a-z0-9.\/-]+/g))]);
  await bank.stop();
}, 100000);
