import type { PeerLimit } from '@lastro/contract';
import { CliError, exitCode } from '../exit-code.ts';
import type { PeersTexts } from './peers-texts.ts';

/** Where what is paid outside is booked, unless somebody says otherwise. */
const SETTLEMENT_ACCOUNT = 'settlement';

const ASSET = '[A-Z][A-Z0-9_]{0,15}/(?:0|[1-9]|1[0-8])';
const LIMIT = new RegExp(`^(${ASSET})=(none|0|[1-9]\\d{0,14})$`);
const AMOUNT = new RegExp(`^(${ASSET})=([1-9]\\d{0,14})$`);
const ACCOUNT = /^[A-Za-z0-9._:@+-]{1,64}$/;
const PUBLIC_KEY = /^[A-Za-z0-9_-]{43}$/;

/** `BRL/2=100000,USD/2=none`, in minor units; empty for none. Throws a usage error. */
export function readLimits(
  name: string,
  text: string | undefined,
  kind: 'exposure' | 'inFlight',
  texts: PeersTexts,
): PeerLimit[] {
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const [, asset, amount] = LIMIT.exec(part.trim()) ?? [];
    if (asset === undefined) throw new CliError(exitCode.usage, texts.badLimit(name, text));
    return { asset, [kind]: amount === 'none' ? null : Number(amount) };
  });
}

/** One or two, separated by a comma. Throws a usage error. */
export function readPublicKeys(name: string, text: string, texts: PeersTexts): string[] {
  const keys = text.split(',').map((part) => part.trim());
  if (keys.length <= 2 && keys.every((key) => PUBLIC_KEY.test(key))) return keys;
  throw new CliError(exitCode.usage, texts.badKey(name, text));
}

/** `BRL/2=300000`, in minor units. Throws a usage error. */
export function readAmount(
  text: string,
  texts: PeersTexts,
): { readonly asset: string; readonly amount: number } {
  const [, asset, amount] = AMOUNT.exec(text) ?? [];
  if (asset === undefined) throw new CliError(exitCode.usage, texts.badAmount(text));
  return { asset, amount: Number(amount) };
}

/** Throws a usage error. */
export function readAccount(text: string | undefined, texts: PeersTexts): string {
  const account = text ?? SETTLEMENT_ACCOUNT;
  if (ACCOUNT.test(account)) return account;
  throw new CliError(exitCode.usage, texts.noAccount);
}
