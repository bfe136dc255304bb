/** How the program ends; `--help` shows the table. */
export const exitCode = {
  /** Did what was asked, or stopped when asked to. */
  done: 0,
  /** Could not start or could not go on; one sentence on stderr says why. */
  failed: 1,
  /** A flag, a value or a command that is not understood. */
  usage: 2,
} as const;

/** What ends the program: one sentence that a person can act on. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
    this.exitCode = code;
  }
}
