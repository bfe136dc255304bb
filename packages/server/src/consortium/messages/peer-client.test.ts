import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../../../../tests/harness/eventually.ts';
import { freePort } from '../../../../../tests/harness/free-port.ts';
import { pinKeys } from './bank-keys.ts';
import { newKeyPair, newNonce, RememberedNonces } from './messages.fixture.ts';
import { deliver } from './messenger.ts';
import { parsePeerAddress } from './peer-address.ts';
import { PeerClient, type PeerClientOptions } from './peer-client.ts';
import { signResponse } from './sign-message.ts';
import { verifyRequest } from './verify-message.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serve(handle: Handle): Promise<string> {
  const server = createServer((request, response) => void handle(request, response));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return listen(server);
}

function clientOf(
  peers: Readonly<Record<string, string>>,
  options: Omit<PeerClientOptions, 'peers'> = {},
): PeerClient {
  const addresses = Object.entries(peers).map(([bank, url]) => {
    const address = parsePeerAddress(url);
    if (address === null) throw new Error(`no address: ${url}`);
    return [bank, address] as const;
  });
  const client = new PeerClient({ peers: new Map(addresses), ...options });
  onTestFinished(() => client.close());
  return client;
}

const content = { headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') };
const post = (client: PeerClient, bank = 'beta') => client.post(bank, '/v1/messages', content);

describe('a peer', () => {
  it('is called at its configured address, below its prefix', async () => {
    const seen: string[] = [];
    const url = await serve(async (request, response) => {
      seen.push(`${request.method} ${request.url} ${(await buffer(request)).toString()}`);
      response.end('{"ok":true}');
    });
    const client = clientOf({ beta: `${url}/lastro/` });
    const answer = await post(client);
    expect(answer).toMatchObject({ kind: 'answered', status: 200 });
    expect(seen).toEqual(['POST /lastro/v1/messages {}']);
    expect(client.targetUri('beta', '/v1/messages')).toBe(`${url}/lastro/v1/messages`);
  });

  it('that is not configured is never called', async () => {
    const client = clientOf({});
    for (const bank of ['beta', '127.0.0.1:1', 'http://127.0.0.1:1', '__proto__']) {
      const refused = { kind: 'failed', code: 'peer_unknown', effect: 'none' };
      expect(await client.post(bank, '/v1/messages', content)).toEqual(refused);
    }
  });

  it.each(['//evil.example/', '/../secret', 'http://evil.example/', '/a b', '/a#b', '', '/%2e%2e'])(
    'can’t be led elsewhere by the path %s',
    async (path) => {
      let calls = 0;
      const url = await serve((_request, response) => {
        calls += 1;
        response.end();
      });
      const client = clientOf({ beta: url });
      const outcome = await client.post('beta', path, content).catch(() => 'refused');
      // Two slashes are a path like any other, at the same host.
      if (path.startsWith('//')) expect(outcome).toMatchObject({ kind: 'answered' });
      else expect([outcome, calls]).toEqual(['refused', 0]);
    },
  );

  it.each(['ftp://a', 'https://u:p@a', 'https://a/?q', 'https://a/#h', 'a', '', 'file:///etc'])(
    'can’t have the address %s',
    (text) => {
      expect(parsePeerAddress(text)).toBeNull();
    },
  );

  it.each([301, 302, 303, 307, 308])('that redirects by %d is not followed', async (status) => {
    let strangers = 0;
    const stranger = await serve((_request, response) => {
      strangers += 1;
      response.end();
    });
    const url = await serve((_request, response) =>
      response.writeHead(status, { location: `${stranger}/latest` }).end('moved'),
    );
    expect(await post(clientOf({ beta: url }))).toMatchObject({ code: 'peer_redirected' });
    expect(strangers).toBe(0);
  });

  it('that answers too much is cut off', async () => {
    const url = await serve((_request, response) => {
      const more = () => {
        while (response.writable && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const limits = { answerBytesMax: 100_000 };
    expect(await post(clientOf({ beta: url }, { limits }))).toMatchObject({
      code: 'peer_answer_too_large',
      effect: 'unknown',
    });
  });

  it('that is silent, or trickles, ends by the deadline', async () => {
    const silent = await serve(() => undefined);
    const trickling = await serve((_request, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const client = clientOf({ silent, trickling }, { limits: { callTimeoutMs: 200 } });
    for (const bank of ['silent', 'trickling']) {
      const timeout = { kind: 'failed', code: 'peer_timeout', effect: 'unknown' };
      expect(await post(client, bank)).toEqual(timeout);
    }
  });

  it('that is not there, or hangs up, is told apart', async () => {
    const rude = createTcpServer((socket) => {
      socket.once('data', () => socket.destroy());
    });
    onTestFinished(() => void rude.close());
    const client = clientOf({
      away: `http://127.0.0.1:${await freePort()}`,
      rude: await listen(rude),
    });
    expect(await post(client, 'away')).toMatchObject({ code: 'peer_unreachable', effect: 'none' });
    expect(await post(client, 'rude')).toMatchObject({ code: 'peer_cut', effect: 'unknown' });
  });

  it('may have been reached by what was on the wire when the client closed', async () => {
    const waiting: ServerResponse[] = [];
    const url = await serve((_request, response) => waiting.push(response));
    const client = clientOf({ beta: url });
    const call = post(client);
    await eventually('it stands on the wire', () => waiting.length === 1);
    await client.close();
    expect(await call).toMatchObject({ kind: 'failed', effect: 'unknown' });
  });

  it('has at most so many calls under way, and a sick one slows nobody else', async () => {
    const waiting: ServerResponse[] = [];
    const slow = await serve((_request, response) => waiting.push(response));
    const quick = await serve((_request, response) => response.end());
    const limits = { callsMax: 3, connectionsMax: 2, callTimeoutMs: 20_000 };
    const client = clientOf({ slow, quick }, { limits });
    const calls = Array.from({ length: 3 }, () => post(client, 'slow'));
    expect(await post(client, 'slow')).toEqual({
      kind: 'failed',
      code: 'peer_busy',
      effect: 'none',
    });
    expect(await post(client, 'quick')).toMatchObject({ kind: 'answered' });
    await eventually('two stand on the wire', () => waiting.length === 2);
    for (const response of waiting) response.end();
    await eventually('the third follows', () => waiting.length === 3);
    waiting[2]?.end();
    expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(calls.map(() => 'answered'));
  });

  it('that failed is left alone, then probed by one call, and is back by itself', async () => {
    let now = 0;
    let calls = 0;
    let isSick = true;
    const url = await serve((request, response) => {
      calls += 1;
      if (isSick) request.socket.destroy();
      else response.end();
    });
    const limits = { failuresMax: 2, pauseFirstMs: 1_000 };
    const client = clientOf({ beta: url }, { limits, now: () => now, random: () => 0 });
    expect(client.stateOf('beta')).toBe('online');
    for (let failures = 0; failures < 2; failures += 1) {
      expect(await post(client)).toMatchObject({ code: 'peer_cut' });
    }
    expect(client.stateOf('beta')).toBe('offline');
    expect(await post(client)).toEqual({ kind: 'failed', code: 'peer_offline', effect: 'none' });
    expect(calls).toBe(2);

    now = 1_000;
    const probes = await Promise.all([post(client), post(client), post(client)]);
    expect(
      probes.filter((answer) => answer.kind === 'failed' && answer.code === 'peer_offline'),
    ).toHaveLength(2);
    expect(calls).toBe(3);
    now = 2_999;
    expect(await post(client)).toMatchObject({ code: 'peer_offline' });
    isSick = false;
    now = 3_000;
    expect(await post(client)).toMatchObject({ kind: 'answered' });
    expect(client.stateOf('beta')).toBe('online');
  });
});

describe('a message', () => {
  const alfa = newKeyPair('alfa');
  const beta = newKeyPair('beta');
  const gama = newKeyPair('gama');
  const findKey = pinKeys([alfa.peerKey, beta.peerKey, gama.peerKey]);

  /** A bank that verifies what comes, on its raw socket's headers, and signs its answer. */
  async function startBank(answerKey = beta) {
    const verdicts: string[] = [];
    const nonces = new RememberedNonces();
    let publicUrl = '';
    publicUrl = await serve(async (request, response) => {
      const targetUri = `${publicUrl}${request.url}`;
      const received = {
        method: request.method ?? '',
        targetUri,
        headers: request.headersDistinct,
        body: await buffer(request),
      };
      const verdict = await verifyRequest(received, { findKey, nonces, at: Date.now() });
      verdicts.push(verdict.kind === 'verified' ? verdict.bank : verdict.code);
      const body = Buffer.from('{"vote":"yes"}');
      const signature = String(request.headers['signature']);
      const headers = await signResponse(
        { status: 200, contentType: 'application/json', body },
        { method: 'POST', targetUri, signature },
        { key: answerKey, at: Date.now(), nonce: newNonce() },
      );
      response.writeHead(200, { ...headers }).end(body);
    });
    return { url: publicUrl, verdicts };
  }

  const messenger = (client: PeerClient) => ({
    client,
    ownKey: () => alfa,
    findKey,
    clock: Date.now,
    newNonce,
  });
  const to = { bank: 'beta', path: '/v1/consortium/messages' };

  it('goes signed over the wire, and its answer is believed', async () => {
    const bank = await startBank();
    const client = clientOf({ beta: bank.url });
    for (let times = 0; times < 2; times += 1) {
      const delivery = await deliver(messenger(client), to, Buffer.from('{"prepare":1}'));
      expect(delivery).toEqual({
        kind: 'answered',
        status: 200,
        body: Buffer.from('{"vote":"yes"}'),
      });
    }
    expect(bank.verdicts).toEqual(['alfa', 'alfa']);
  });

  it('that is recorded and sent again is refused', async () => {
    const bank = await startBank();
    const recorded: { headers: Record<string, string>; body: Buffer }[] = [];
    const client = clientOf({ beta: bank.url });
    const recording = clientOf({ beta: bank.url });
    recording.post = (name, path, sent) => {
      recorded.push({ headers: { ...sent.headers }, body: Buffer.from(sent.body) });
      return client.post(name, path, sent);
    };
    await deliver(messenger(recording), to, Buffer.from('{}'));
    await client.post('beta', to.path, recorded[0]!);
    expect(bank.verdicts).toEqual(['alfa', 'nonce_replayed']);
  });

  it('whose answer another bank signed is not believed', async () => {
    const bank = await startBank(gama);
    const delivery = await deliver(messenger(clientOf({ beta: bank.url })), to, Buffer.from('{}'));
    expect(delivery).toMatchObject({ kind: 'unproven', code: 'wrong_bank', effect: 'unknown' });
  });

  it('whose answer is not signed is not believed, whatever its status', async () => {
    const url = await serve((_request, response) => response.writeHead(502).end('bad gateway'));
    const delivery = await deliver(messenger(clientOf({ beta: url })), to, Buffer.from('{}'));
    expect(delivery).toMatchObject({ kind: 'unproven', code: 'signature_missing', status: 502 });
  });
});
