import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { BackupError } from './backup-error.ts';

/*
 * A backup is two lines of text, one zstd frame, and a last line:
 *
 *     lastro backup 1
 *     {"lastro":"0.1.0",…}                 the header, JSON
 *     …                                    the tables, compressed
 *     sha256 <64 hexadecimal digits>       of every byte before this line
 *
 * Uncompressed, the tables follow each other in the header's order, each as PostgreSQL's COPY in text
 * format gives it, in counted pieces:
 *
 *     table account
 *     data 65536
 *     …                                    so many bytes
 *     rows 1042
 *
 * and after the last one `end <rows of all tables>`. COPY's text format is the same in every major
 * version of PostgreSQL.
 */

const FORMAT = 1;

const TITLE = /^lastro backup (\d{1,9})$/;

/** Of the last line, with its line feed. */
export const TRAILER_BYTES = 'sha256 '.length + 64 + 1;

/** No line of the file is longer: a header of 10 000 tables fits. */
export const LINE_BYTES_MAX = 4 * 1024 * 1024;

/** No counted piece is longer. */
export const PIECE_BYTES_MAX = 16 * 1024 * 1024;

const Count = Type.Integer({ minimum: 0 });

const Header = Type.Object({
  /** The version of Lastro that wrote it. */
  lastro: Type.String(),
  /** The version of the PostgreSQL that it was read from. */
  postgres: Type.String(),
  /** RFC 3339, of the machine that wrote it. */
  takenAt: Type.String(),
  bank: Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' }),
  /** Head: the newest block in it, its last event and its hash in hexadecimal digits. */
  block: Count,
  seq: Count,
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  migrations: Type.Array(Type.Object({ name: Type.String(), checksum: Type.String() })),
  /** In the order in which they follow; a table that refers to another comes after it. */
  tables: Type.Array(Type.Object({ name: Type.String(), columns: Type.Array(Type.String()) })),
  sequences: Type.Array(Type.Object({ name: Type.String(), last: Type.String() })),
});

/** What a backup says about itself. */
export type BackupHeader = Static<typeof Header>;

export function headerLines(header: BackupHeader): string {
  return `lastro backup ${FORMAT}\n${JSON.stringify(header)}\n`;
}

/** Throws `BackupError` unless this is the first line of a backup that this version reads. */
export function checkTitle(line: string): void {
  const format = TITLE.exec(line)?.[1];
  if (format === undefined) throw new BackupError({ kind: 'not_a_backup' });
  if (Number(format) > FORMAT) {
    throw new BackupError({ kind: 'newer_format', format: Number(format) });
  }
}

/** Throws `BackupError` when it is no header. */
export function parseHeader(line: string): BackupHeader {
  let header: unknown;
  try {
    header = JSON.parse(line);
  } catch (cause) {
    throw new BackupError({ kind: 'damaged' }, { cause });
  }
  if (!Value.Check(Header, header)) throw new BackupError({ kind: 'damaged' });
  return header;
}

export function trailerLine(sha256: string): string {
  return `sha256 ${sha256}\n`;
}
