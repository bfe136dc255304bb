import process from 'node:process';

const graceMs = 2_000;

/** Ends this process after 2 s if something forgotten would keep it alive; does nothing when it ends by itself. */
export function endSoon(code: number): void {
  setTimeout(() => process.exit(code), graceMs).unref();
}

/** Whether or not anybody reads what we say (`| head`, a closed terminal), the money goes on. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
