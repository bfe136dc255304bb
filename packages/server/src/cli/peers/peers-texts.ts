import type { Language } from '../language.ts';
import { english } from './texts-en.ts';
import { portuguese } from './texts-pt.ts';

interface Words<Flag extends string> {
  readonly summary: string;
  readonly description: string;
  readonly flags: Readonly<Record<Flag, string>>;
  readonly after: string;
}

/** What `lastro peers` says, once per language. */
export interface PeersTexts {
  readonly summary: string;
  readonly description: string;
  readonly after: string;
  readonly bank: string;
  readonly limitsArgument: string;
  readonly flags: Readonly<Record<'url' | 'keyFile' | 'output', string>>;
  readonly list: Words<never>;
  readonly add: Words<'peerUrl' | 'peerKey' | 'limit' | 'revoke'>;
  readonly remove: Words<never>;
  readonly limit: Words<'inFlight' | 'inFlightMax'>;
  readonly position: Words<never>;
  readonly settle: Words<'account' | 'peerAccount' | 'consent' | 'id'>;
  readonly rotate: Words<'retire' | 'force' | 'wait'>;

  readonly badLimit: (name: string, text: string) => string;
  readonly badKey: (name: string, text: string) => string;
  readonly noLimit: string;
  readonly amountArgument: string;
  readonly badAmount: (text: string) => string;
  readonly noAccount: string;

  readonly columns: Readonly<
    Record<'bank' | 'state' | 'lastContact' | 'underWay' | 'url' | 'trouble', string>
  >;
  readonly positionColumns: Readonly<
    Record<
      'asset' | 'position' | 'exposureLimit' | 'available' | 'promisedIn' | 'promisedOut',
      string
    >
  >;
  readonly state: Readonly<Record<'online' | 'offline' | 'unknown', string>>;
  readonly role: Readonly<Record<'signing' | 'next' | 'previous', string>>;
  readonly never: string;
  readonly unlimited: string;
  readonly self: (bank: string, url: string) => string;
  readonly key: (fingerprint: string, what: string) => string;
  readonly nobody: string;
  readonly added: (bank: string, url: string) => string;
  readonly compare: (bank: string) => string;
  readonly removed: (bank: string) => string;
  readonly noPositions: (bank: string) => string;
  readonly underWay: (count: number, ids: string) => string;
  readonly settled: (bank: string, amount: string, left: string) => string;
  readonly settling: (transaction: string) => string;
  readonly rotated: string;
  readonly announced: string;
  readonly retired: string;
}

export function peersTextsIn(language: Language): PeersTexts {
  return language === 'pt' ? portuguese : english;
}
