import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { query } from '../harness/postgres.ts';
import { serverOrSkip } from '../harness/require-server.ts';
import { writeHistory } from '../tamper/history.ts';
import { contentsOf } from './compare-databases.ts';
import { otherMajor, startOtherPostgres } from './other-postgres.ts';
import { backUp, emptyDatabase, restore, temporaryFolder } from './run-lastro.ts';

vi.setConfig({ testTimeout: 120_000 });

const major = otherMajor();

async function majorOf(url: string): Promise<number> {
  const [row] = await query<{ version: string }>(
    url,
    `select current_setting('server_version_num') as version`,
  );
  return Math.floor(Number(row?.version) / 10_000);
}

describe.runIf(serverOrSkip('a second major version of PostgreSQL', major !== undefined))(
  `PostgreSQL ${major}`,
  () => {
    test('a bank goes from the one that comes along to an older one, and back', async () => {
      const other = await startOtherPostgres(major ?? 0);
      onTestFinished(() => other.remove());
      const original = await emptyDatabase();
      await writeHistory(original);
      const older = await other.createDatabase('test');
      const folder = temporaryFolder();
      await backUp(original, join(folder, 'there'));
      await restore(join(folder, 'there'), older);
      expect(await majorOf(older)).toBe(major);
      const contents = await contentsOf(original);
      expect(await contentsOf(older)).toEqual(contents);

      const newer = await emptyDatabase();
      await backUp(older, join(folder, 'back'));
      await restore(join(folder, 'back'), newer);
      expect(await majorOf(newer)).not.toBe(major);
      expect(await contentsOf(newer)).toEqual(contents);
    });
  },
);
