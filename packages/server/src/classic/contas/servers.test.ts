import { describe, expect, it } from 'vitest';
import { Servers } from './servers.ts';

const own = { bank: 'alfa', host: '127.0.0.1', port: 5010 };
const beta = { bank: 'beta', host: 'localhost', port: 5011 };
const gama = { bank: 'gama', host: 'gama.example', port: 5000 };
const servers = new Servers(own, [{ ...own, host: 'alfa.example' }, beta, gama]);

describe('a server that a client names', () => {
  it.each([
    '127.0.0.1:5011',
    'localhost:5011',
    '[::1]:5011',
    'LocalHost:5011',
    'http://localhost:5011/',
  ])('%s is beta, at its configured address', (address) => {
    expect(servers.find(address)).toEqual({ kind: 'peer', peer: beta });
  });

  it.each(['gama.example:5000', 'GAMA.example:05000', 'http://gama.example:5000'])(
    '%s is gama',
    (address) => {
      expect(servers.find(address)).toEqual({ kind: 'peer', peer: gama });
    },
  );

  it.each(['127.0.0.1:5010', 'localhost:5010', 'alfa.example:5010'])(
    '%s is this one',
    (address) => {
      expect(servers.find(address)).toEqual({ kind: 'own' });
    },
  );

  it.each<unknown>([
    '127.0.0.1:5012',
    '127.0.0.2:5011',
    '0.0.0.0:5011',
    'gama.example:80',
    'gama.example.:5000',
    '169.254.169.254:80',
    'gama.example',
    ':5011',
    '5011',
    '',
    'localhost:5011@evil.example:80',
    'user@localhost:5011',
    'localhost:5011/contas',
    'localhost:5011?x',
    'https://localhost:5011',
    ' localhost:5011',
    'localhost:5011\n',
    'localhost:5011\r\nHost: x',
    '2130706433:5011',
    '127.1:5011',
    5011,
    true,
    {},
    ['localhost:5011'],
    null,
    undefined,
  ])('%j is nobody', (address) => {
    expect(servers.find(address)).toBeUndefined();
  });
});
