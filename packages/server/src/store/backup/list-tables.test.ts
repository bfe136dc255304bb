import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { abandonDatabase, createDatabase, query } from '../../../../../tests/harness/postgres.ts';
import { listSequences, listTables } from './list-tables.ts';

test('every table of its own, parents first, with the columns that hold facts', async () => {
  const url = await createDatabase();
  onTestFinished(() => abandonDatabase(url));
  await query(
    url,
    `create table zone (id bigint generated always as identity primary key, name text, gone text);
     alter table zone drop column gone;
     create table account (id text primary key, zone bigint references zone, parent text references account);
     create table "Odd name" (n int, twice int generated always as (n * 2) stored);
     create view seen as select * from account;
     create schema elsewhere; create table elsewhere.other (n int);
     insert into zone (name) values ('north'), ('south')`,
  );
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  const tables = await listTables(client);
  expect(tables.map(({ name, columns }) => [name, columns])).toEqual([
    ['Odd name', ['n']],
    ['zone', ['id', 'name']],
    ['account', ['id', 'parent', 'zone']],
  ]);
  expect(await listSequences(client)).toEqual([{ name: 'zone_id_seq', last: '2' }]);
});
