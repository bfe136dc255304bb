import { afterAll, beforeAll, describe } from 'vitest';
import {
  isEtcdInstalled,
  startEtcdCluster,
  type EtcdCluster,
} from '../../../../../../tests/harness/etcd-cluster.ts';
import { serverOrSkip } from '../../../../../../tests/harness/require-server.ts';
import { describeRegister } from '../conformance.fixture.ts';

describe.runIf(serverOrSkip('etcd', isEtcdInstalled()))('with three members', () => {
  let cluster: EtcdCluster;
  let registers = 0;

  beforeAll(async () => {
    cluster = await startEtcdCluster();
  });

  afterAll(() => cluster.remove());

  describeRegister('etcd', () => {
    registers += 1;
    return Promise.resolve(cluster.address(`r${registers}`));
  });
});
