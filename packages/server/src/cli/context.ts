import type { Texts } from './texts.ts';

/** What a command finds around it. */
export interface Context {
  readonly env: NodeJS.ProcessEnv;
  /** Relative paths begin here. */
  readonly workingFolder: string;
  readonly texts: Texts;
  readonly stdout: NodeJS.WriteStream;
  readonly version: string;
}
