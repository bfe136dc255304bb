import type pg from 'pg';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { RowCursor } from './row-cursor.ts';

/** The checkpoints that the bank keeps beside its journal; none where the schema is older. */
export async function* readStoredCheckpoints(client: pg.Client): AsyncGenerator<Checkpoint> {
  const { rows } = await client.query<{ stands: boolean }>(
    "select to_regclass('checkpoint') is not null as stands",
  );
  if (rows[0]?.stands !== true) return;
  const cursor = await RowCursor.open(
    client,
    'rows_of_checkpoint',
    'select block, seq, hash, at, bank, public_key, signature from checkpoint order by block',
  );
  for (;;) {
    await cursor.fill();
    const row = cursor.peek();
    if (row === undefined) return;
    cursor.skip();
    const [block, seq, hash, at, bank, publicKey, signature] = row.map((text) => text ?? '');
    yield {
      block: Number(block),
      seq: Number(seq),
      hash: hash ?? '',
      at: signedTime(at ?? ''),
      bank: bank ?? '',
      publicKey: base64url(publicKey),
      signature: base64url(signature),
    };
  }
}

function base64url(hex: string | undefined): string {
  return Buffer.from(hex ?? '', 'hex').toString('base64url');
}

/** PostgreSQL's spelling in the one that was signed; what was changed below milliseconds stays visible. */
function signedTime(text: string): string {
  const [, date = '', time = '', fraction = ''] =
    /^(\S+) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/.exec(text) ?? [];
  return date === '' ? text : `${date}T${time}.${fraction.padEnd(3, '0')}Z`;
}
