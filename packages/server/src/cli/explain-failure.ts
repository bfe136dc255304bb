import { LastroError } from '@lastro/client';
import { RegisterSetupError } from '../consortium/register/register-setup-error.ts';
import { EmbeddedPostgresError } from '../store/embedded/embedded-postgres-error.ts';
import { KeyFileError } from '../store/key-file.ts';
import { StoreError } from '../store/store-error.ts';
import { CliError, exitCode } from './exit-code.ts';
import type { Texts } from './texts.ts';

/** Makes of anything thrown the one sentence and the exit code that end the program. */
export function explainFailure(error: unknown, texts: Texts): CliError {
  if (error instanceof CliError) return error;
  return new CliError(exitCode.failed, sentenceOf(error, texts), { cause: error });
}

function sentenceOf(error: unknown, texts: Texts): string {
  if (!(error instanceof Error)) return texts.unexpected(String(error));
  if (
    error instanceof EmbeddedPostgresError ||
    error instanceof StoreError ||
    error instanceof KeyFileError ||
    error instanceof RegisterSetupError
  ) {
    return error.message;
  }
  if (error instanceof LastroError) return texts.bankRefused(error.message);
  return ofFileSystem(error, texts) ?? texts.unexpected(firstLineOf(error.message));
}

function ofFileSystem(error: Error, texts: Texts): string | undefined {
  const code = 'code' in error ? error.code : undefined;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined;
  if (path === undefined)
    return code === 'ENOSPC' || code === 'EDQUOT' ? texts.noSpace('') : undefined;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return texts.noSpace(path);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return texts.noPermission(path);
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
      return texts.notAFolder(path);
    default:
      return undefined;
  }
}

function firstLineOf(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
