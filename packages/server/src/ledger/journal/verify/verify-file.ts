import { JournalFileError, readJournalFile } from './journal-file-reader.ts';
import { JournalVerifier, type Evidence } from './journal-verifier.ts';
import type { VerifyProgress, VerifyReport } from './verify-report.ts';

export interface VerifyFileOptions extends Evidence {
  readonly path: string;
  readonly onProgress?: (progress: VerifyProgress) => void;
}

/**
 * Checks a journal's file without a database: its form, every hash, the chain, the fold and its
 * rules. Rejects with an error of the file system when it can't be read.
 */
export async function verifyFile(options: VerifyFileOptions): Promise<VerifyReport> {
  const verifier = new JournalVerifier(options);
  try {
    for await (const stored of readJournalFile(options.path)) {
      verifier.take(stored, undefined);
      options.onProgress?.({ ...verifier.progress, blocksTotal: null });
    }
  } catch (error) {
    if (!(error instanceof JournalFileError)) throw error;
    verifier.differences.add({
      kind: 'broken',
      table: 'file',
      block: verifier.end === undefined ? 0 : verifier.end.block + 1,
      seq: null,
      row: `byte ${error.byte}`,
      column: null,
      expected: error.message,
      found: null,
    });
  }
  return verifier.finish();
}
