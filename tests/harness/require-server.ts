import process from 'node:process';

/**
 * Whether the tests that need a server (PostgreSQL, etcd, RabbitMQ) can run here.
 *
 * `describe.runIf(serverOrSkip('etcd', found))(…)`: true when the server is present. When it isn't,
 * a developer's machine says so in a loud line and skips; in CI (`CI=true`) it throws, since there a
 * skipped test would pass for a proof. `scripts/test-servers` installs what is missing.
 */
export function serverOrSkip(name: string, isPresent: boolean): boolean {
  if (isPresent) return true;
  const message = `${name} is not installed here: run scripts/test-servers to install it`;
  if (process.env['CI'] === 'true') throw new Error(`${message}; CI must not skip its tests`);
  process.stderr.write(`\n!! SKIPPED: ${message}\n\n`);
  return false;
}
