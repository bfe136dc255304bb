import { afterEach, describe, expect, it, vi } from 'vitest';
import { serverOrSkip } from './harness/require-server.ts';

describe('serverOrSkip', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('lets the tests run when the server is there', () => {
    expect(serverOrSkip('etcd', true)).toBe(true);
  });

  it('fails in CI when it is not', () => {
    vi.stubEnv('CI', 'true');
    expect(() => serverOrSkip('etcd', false)).toThrow(/etcd is not installed.*test-servers/);
  });

  it('says so loudly elsewhere', () => {
    vi.stubEnv('CI', '');
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(serverOrSkip('etcd', false)).toBe(false);
    expect(write).toHaveBeenCalledWith(expect.stringContaining('SKIPPED: etcd'));
  });
});
