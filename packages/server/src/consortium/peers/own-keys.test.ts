import { chmod, mkdtemp, readdir, rm, stat, writeFile, copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyFileError } from '../../store/key-file.ts';
import { OwnKeys } from './own-keys.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lastro-own-keys-'));
  file = join(folder, 'keys', 'alfa.consortium.pem');
});
afterEach(() => rm(folder, { recursive: true }));

const idsOf = (keys: OwnKeys) => keys.all().map(({ keyId }) => keyId);
const rolesOf = (keys: OwnKeys) => keys.all().map(({ role }) => role);

describe('the own key of a bank', () => {
  it('is made once, for its owner alone, and is the same after a restart', async () => {
    const [first, twin] = await Promise.all([
      OwnKeys.open('alfa', file),
      OwnKeys.open('alfa', file),
    ]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'keys'))).mode & 0o777).toBe(0o700);
    expect(first.signing.keyId).toMatch(/^alfa#[\w-]{16}$/);
    expect(twin.signing.keyId).toBe(first.signing.keyId);
    expect(idsOf(await OwnKeys.open('alfa', file))).toEqual(idsOf(first));
    expect(rolesOf(first)).toEqual(['signing']);
  });

  it('is refused when others may read it, and when it is no key', async () => {
    await OwnKeys.open('alfa', file);
    await chmod(file, 0o644);
    await expect(OwnKeys.open('alfa', file)).rejects.toThrow('open to other users');
    await chmod(file, 0o600);
    await writeFile(file, 'no key');
    await expect(OwnKeys.open('alfa', file)).rejects.toThrow(KeyFileError);
  });

  it('rotates: announced first, then it signs, and the one before stays valid', async () => {
    const keys = await OwnKeys.open('alfa', file);
    const old = keys.signing.keyId;
    await keys.prepareNext();
    expect(rolesOf(keys)).toEqual(['signing', 'next']);
    expect(keys.signing.keyId).toBe(old);
    const announced = keys.find('next')?.keyId;
    await keys.prepareNext();
    expect(keys.find('next')?.keyId).toBe(announced);

    await keys.promoteNext();
    expect(keys.signing.keyId).toBe(announced);
    expect(keys.find('previous')?.keyId).toBe(old);
    await keys.promoteNext();
    expect(keys.signing.keyId).toBe(announced);
    expect(idsOf(await OwnKeys.open('alfa', file))).toEqual([announced, old]);
  });

  it('has two at most: the next rotation gives the previous one up', async () => {
    const keys = await OwnKeys.open('alfa', file);
    const first = keys.signing.keyId;
    await keys.prepareNext();
    await keys.promoteNext();
    await keys.prepareNext();
    expect(rolesOf(keys)).toEqual(['signing', 'next']);
    expect(idsOf(keys)).not.toContain(first);
    await keys.promoteNext();
    await keys.retirePrevious();
    expect(rolesOf(keys)).toEqual(['signing']);
  });

  it('goes on where a kill in the middle of a rotation left it', async () => {
    const keys = await OwnKeys.open('alfa', file);
    const old = keys.signing.keyId;
    await keys.prepareNext();
    const next = keys.find('next')?.keyId;
    // The old key was put aside, and the new one has not taken its place.
    await copyFile(file, `${file}.previous`);
    const after = await OwnKeys.open('alfa', file);
    expect(idsOf(after)).toEqual([old, next]);
    await after.promoteNext();
    expect(idsOf(after)).toEqual([next, old]);
    expect((await readdir(join(folder, 'keys'))).toSorted()).toEqual([
      'alfa.consortium.pem',
      'alfa.consortium.pem.previous',
    ]);
  });

  it('is read again when another process has rotated it', async () => {
    const [one, other] = [await OwnKeys.open('alfa', file), await OwnKeys.open('alfa', file)];
    await one.prepareNext();
    await one.promoteNext();
    await other.refresh();
    expect(idsOf(other)).toEqual(idsOf(one));
  });
});
