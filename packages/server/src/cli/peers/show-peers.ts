import type { OwnIdentity, PeerAnswer, PeerPosition } from '@lastro/contract';
import type { PeersTexts } from './peers-texts.ts';
import { table } from './table.ts';

export function keyLine(fingerprint: string, what: string, texts: PeersTexts): string {
  return texts.key(fingerprint, what).trimEnd();
}

export function selfLines({ bank, url, keys }: OwnIdentity, texts: PeersTexts): string {
  const lines = keys.map(({ fingerprint, role }) => keyLine(fingerprint, texts.role[role], texts));
  return `${[texts.self(bank, url), ...lines].join('\n')}\n`;
}

export function peerTable(peers: readonly PeerAnswer[], texts: PeersTexts): string {
  const { columns } = texts;
  const titles = [
    columns.bank,
    columns.state,
    columns.lastContact,
    columns.underWay,
    columns.url,
    columns.trouble,
  ];
  const rows = peers.map(({ bank, state, lastContactAt, inFlight, url, trouble }) => [
    bank,
    texts.state[state],
    lastContactAt ?? texts.never,
    `${inFlight.count} / ${inFlight.max}`,
    url,
    trouble ?? '',
  ]);
  return table(titles, rows, (column) => column === 3);
}

export function positionTable(
  { bank, positions, inFlight }: PeerPosition,
  texts: PeersTexts,
): string {
  const underWay =
    inFlight.length === 0 ? '' : `${texts.underWay(inFlight.length, inFlight.join(', '))}\n`;
  if (positions.length === 0) return `${texts.noPositions(bank)}\n${underWay}`;
  const { positionColumns: columns } = texts;
  const titles = [
    columns.asset,
    columns.position,
    columns.exposureLimit,
    columns.available,
    columns.promisedIn,
    columns.promisedOut,
  ];
  const rows = positions.map((each) => [
    each.asset,
    String(each.position),
    each.exposureLimit === null ? texts.unlimited : String(each.exposureLimit),
    each.available === null ? texts.unlimited : String(each.available),
    String(each.promisedIn),
    String(each.promisedOut),
  ]);
  return table(titles, rows, (column) => column > 0) + underWay;
}
