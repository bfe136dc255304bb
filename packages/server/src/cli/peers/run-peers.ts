import { setTimeout as sleep } from 'node:timers/promises';
import { LastroClient, LastroError } from '@lastro/client';
import type {
  OwnIdentity,
  PeerLimitRequest,
  PeerRequest,
  SettlementRequest,
} from '@lastro/contract';
import { readAdminKey } from '../admin-key.ts';
import type { Context } from '../context.ts';
import { CliError, exitCode } from '../exit-code.ts';
import { explainFailure } from '../explain-failure.ts';
import { languageOf } from '../language.ts';
import type { PeersSettings } from '../peers.ts';
import type { PeersTexts } from './peers-texts.ts';
import { peerTable, positionTable, selfLines, keyLine } from './show-peers.ts';

/** What `lastro peers` was asked to do. */
export type PeersAction =
  | { readonly verb: 'list' }
  | { readonly verb: 'add'; readonly peer: PeerRequest }
  | { readonly verb: 'remove' | 'position'; readonly bank: string }
  | { readonly verb: 'limit'; readonly bank: string; readonly change: PeerLimitRequest }
  | { readonly verb: 'settle'; readonly bank: string; readonly settlement: SettlementRequest }
  | {
      readonly verb: 'rotate';
      readonly retire: boolean;
      readonly force: boolean;
      readonly waitSeconds: number;
    };

/** How `lastro peers` ends where the bank says no; the rest is as everywhere. */
const REFUSED = 3;

const LOOK_EVERY_MS = 250;
const READY_DEADLINE_MS = 5_000;

/** What is told: the API's own answer, and the same for people. */
interface Told {
  readonly answer: unknown;
  readonly text: string;
}

/** Does it, and says what came of it; resolves to the exit code. Rejects with `CliError`. */
export async function runPeers(
  action: PeersAction,
  { url, keyFile, isJson }: PeersSettings,
  context: Context,
  texts: PeersTexts,
): Promise<number> {
  const key = await readAdminKey(keyFile, context.texts);
  if (key === undefined) throw new CliError(exitCode.failed, context.texts.noKeyFile(keyFile));
  const language = languageOf(context.env) === 'pt' ? 'pt-BR' : 'en';
  const client = new LastroClient({ url, key, language });
  try {
    await client.readyz({ deadlineMs: READY_DEADLINE_MS });
    const { answer, text } = await perform(client, action, texts);
    context.stdout.write(isJson ? `${JSON.stringify(answer, null, 2)}\n` : text);
    return exitCode.done;
  } catch (error) {
    const failure = explainFailure(error, context.texts);
    const isRefused = error instanceof LastroError && error.kind === 'refused';
    throw isRefused ? new CliError(REFUSED, failure.message, { cause: error }) : failure;
  } finally {
    await client.close();
  }
}

async function perform(
  client: LastroClient,
  action: PeersAction,
  texts: PeersTexts,
): Promise<Told> {
  switch (action.verb) {
    case 'list': {
      const answer = await client.peers.list();
      const peers = answer.data.length === 0 ? `${texts.nobody}\n` : peerTable(answer.data, texts);
      return { answer, text: `${selfLines(answer.self, texts)}\n${peers}` };
    }
    case 'add': {
      const answer = await client.peers.add(action.peer);
      const valid = answer.keys.filter(({ state }) => state === 'valid');
      const lines = [
        texts.added(answer.bank, answer.url),
        ...valid.map(({ fingerprint }) => keyLine(fingerprint, '', texts)),
        texts.compare(answer.bank),
      ];
      return { answer, text: `${lines.join('\n')}\n` };
    }
    case 'remove':
      await client.peers.remove(action.bank);
      return { answer: { removed: action.bank }, text: `${texts.removed(action.bank)}\n` };
    case 'position': {
      const answer = await client.peers.readPosition(action.bank);
      return { answer, text: positionTable(answer, texts) };
    }
    case 'limit': {
      const answer = await client.peers.setLimits(action.bank, action.change);
      return { answer, text: positionTable(answer, texts) };
    }
    case 'settle':
      return settle(client, action, texts);
    case 'rotate':
      return rotate(client, action, texts);
  }
}

async function settle(
  client: LastroClient,
  { bank, settlement }: Extract<PeersAction, { readonly verb: 'settle' }>,
  texts: PeersTexts,
): Promise<Told> {
  const answer = await client.peers.settle(bank, settlement);
  if (!('position' in answer)) {
    return { answer, text: `${texts.settling(answer.transaction ?? answer.command)}\n` };
  }
  const amount = `${answer.asset} ${answer.amount}`;
  return { answer, text: `${texts.settled(bank, amount, String(answer.position))}\n` };
}

async function rotate(
  client: LastroClient,
  { retire, force, waitSeconds }: Extract<PeersAction, { readonly verb: 'rotate' }>,
  texts: PeersTexts,
): Promise<Told> {
  const begun = await client.peers.rotate({ retire, force });
  if (retire) return { answer: begun, text: `${texts.retired}\n${selfLines(begun, texts)}` };
  const self = await untilSigning(client, begun, performance.now() + waitSeconds * 1_000);
  const said = isAnnounced(self) ? texts.announced : texts.rotated;
  return { answer: self, text: `${said}\n${selfLines(self, texts)}` };
}

/** Looks until the new key signs, or the time has come. */
async function untilSigning(
  client: LastroClient,
  begun: OwnIdentity,
  endsAt: number,
): Promise<OwnIdentity> {
  let self = begun;
  while (isAnnounced(self) && performance.now() < endsAt) {
    await sleep(LOOK_EVERY_MS);
    ({ self } = await client.peers.list());
  }
  return self;
}

function isAnnounced({ keys }: OwnIdentity): boolean {
  return keys.some(({ role }) => role === 'next');
}
