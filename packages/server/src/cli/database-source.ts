import type { EmbeddedPostgres } from '../store/embedded/index.ts';
import { CliError, exitCode } from './exit-code.ts';
import type { Texts } from './texts.ts';

/** Where the banks' databases are: in an embedded PostgreSQL of ours, or where a URL says. */
export interface DatabaseSource {
  /** The URL of a bank's own database, which exists then. Holds a secret. */
  urlFor(bank: string): Promise<string>;
  /** Resolves only when the embedded PostgreSQL can't be kept running. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}

export interface DatabaseSourceOptions {
  /** The embedded PostgreSQL lies here when there is no URL. */
  readonly folder: string;
  readonly databaseUrl: string | undefined;
  readonly onLog: (message: string) => void;
  readonly signal: AbortSignal;
  readonly texts: Texts;
}

/** Rejects with `EmbeddedPostgresError`, or with the signal's reason. */
export async function openDatabaseSource(options: DatabaseSourceOptions): Promise<DatabaseSource> {
  const { databaseUrl, folder, onLog, signal, texts } = options;
  if (databaseUrl !== undefined) {
    return {
      urlFor: () => Promise.resolve(databaseUrl),
      failed: new Promise(() => {}),
      stop: () => Promise.resolve(),
    };
  }
  const { startEmbeddedPostgres } = await import('../store/embedded/index.ts');
  const postgres = await startEmbeddedPostgres({ folder, onLog, signal });
  return {
    urlFor: (bank) => urlOf(postgres, bank, texts),
    failed: postgres.failed,
    stop: () => postgres.stop(),
  };
}

async function urlOf(postgres: EmbeddedPostgres, bank: string, texts: Texts): Promise<string> {
  try {
    await postgres.ensureDatabase(bank);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(exitCode.failed, texts.noDatabase(bank, reason), { cause });
  }
  return postgres.url(bank);
}
