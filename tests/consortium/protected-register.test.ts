import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startBankProcess } from '../harness/bank-process.ts';
import { makeAuthority } from '../harness/certificates.ts';
import { isEtcdInstalled, startEtcdCluster } from '../harness/etcd-cluster.ts';
import { eventually } from '../harness/eventually.ts';
import { serverOrSkip } from '../harness/require-server.ts';

/** As etcd has it. */
const OWN_ENTRY = Buffer.from('/lastro/entry/member/alfa').toString('base64');

describe.runIf(serverOrSkip('etcd', isEtcdInstalled()))(
  'a register that asks for a certificate',
  () => {
    it('is used by a bank that is told its files', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'lastro-protected-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const { caFile, issue } = await makeAuthority(folder, 'authority');
      const server = await issue('/CN=member', 'subjectAltName=IP:127.0.0.1');
      const client = await issue('/O=alfa', 'extendedKeyUsage=clientAuth');
      const cluster = await startEtcdCluster({ members: 1, tls: { caFile, server, client } });
      onTestFinished(() => cluster.remove());
      const pair = ['--register-cert', client.certFile, '--register-key', client.keyFile];
      const bank = await startBankProcess({
        bank: 'alfa',
        flags: ['--register', cluster.address('lastro'), ...pair],
        environment: { LASTRO_REGISTER_CA: caFile },
      });
      onTestFinished(() => bank.stop());
      const standing = await eventually('the bank has written its entry', async () => {
        const answer = await cluster.members[0]!.call('/v3/kv/range', { key: OWN_ENTRY });
        return answer['count'];
      });
      expect(standing).toBe('1');
    });
  },
);
