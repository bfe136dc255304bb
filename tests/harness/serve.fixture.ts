/**
 * A program that serves one bank, for tests that kill it. It is forked; reads `LASTRO_TEST_SERVE`
 * (JSON: `databaseUrl`, `port`, `bank`, `adminKey`), sends `{url}` or `{failed}` to its parent, and
 * ends by SIGTERM or when its parent is gone.
 */
import process from 'node:process';
import { pino } from 'pino';
import { startBank } from '../../packages/server/src/bank.ts';
import { armCrashPoint } from '../../packages/server/src/store/crash-point.ts';
import type { ServeSettings } from './bank-process.ts';

const settings = JSON.parse(process.env['LASTRO_TEST_SERVE'] ?? '{}') as ServeSettings;
process.on('disconnect', () => process.exit(1));

armCrashPoint(process.env['LASTRO_CRASH_AT']);
try {
  const bank = await startBank({
    bank: settings.bank,
    host: '127.0.0.1',
    port: settings.port,
    databaseUrl: settings.databaseUrl,
    adminKeys: [{ principal: 'admin', key: settings.adminKey }],
    classics: [],
    log: pino({ level: 'warn' }, process.stderr),
  });
  process.once('SIGTERM', () => {
    bank.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
  process.send?.({ url: bank.url });
} catch (error) {
  process.send?.({ failed: String(error) });
  process.exitCode = 1;
  process.disconnect?.();
}
