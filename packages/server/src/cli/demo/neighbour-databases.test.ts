import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { abandonDatabase, createDatabase, query } from '../../../../../tests/harness/postgres.ts';
import { CliError } from '../exit-code.ts';
import { textsIn } from '../texts.ts';
import { neighbourDatabases } from './neighbour-databases.ts';

const texts = textsIn('en');

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

test('the first bank has the given database, the others ones beside it, made once', async () => {
  const given = await createDatabase();
  const source = neighbourDatabases(given, 'alfa', texts);
  expect(await source.urlFor('alfa')).toBe(given);
  const [beta, again] = await Promise.all([source.urlFor('beta'), source.urlFor('beta')]);
  onTestFinished(() => abandonDatabase(beta));
  expect(nameOf(beta)).toBe(`${nameOf(given)}-beta`);
  expect(again).toBe(beta);
  expect(await source.urlFor('beta')).toBe(beta);
  const [row] = await query(beta, 'select current_database() as name, getdatabaseencoding() as is');
  expect(row).toEqual({ name: `${nameOf(given)}-beta`, is: 'UTF8' });
});

test('a login that may make no database is told which one to make, without its password', async () => {
  const given = new URL(await createDatabase());
  const login = `plain_${randomBytes(4).toString('hex')}`;
  await query(given.href, `create role ${login} login password 'geheim'`);
  onTestFinished(async () => {
    await query(given.href, `drop role ${login}`);
  });
  const plain = new URL(given);
  [plain.username, plain.password] = [login, 'geheim'];
  const refusal = await neighbourDatabases(plain.href, 'alfa', texts)
    .urlFor('gama')
    .catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(CliError);
  const { message } = refusal as CliError;
  expect(message).toContain(`the database ${nameOf(given.href)}-gama `);
  expect(message).toContain('permission denied');
  expect(message).not.toContain('geheim');
});
