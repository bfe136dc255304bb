import type { consortium } from '@lastro/core';

/** What a request means by `from`, `to` or `customer`: `<bank>/<account>`, or an account of this bank. */
export function placeOf(written: string, ownBank: string): consortium.Place {
  const slash = written.indexOf('/');
  if (slash === -1) return { bank: ownBank, account: written };
  return { bank: written.slice(0, slash), account: written.slice(slash + 1) };
}

/** `<bank>/<account>`. */
export function writtenPlace({ bank, account }: consortium.Place): string {
  return `${bank}/${account}`;
}

/** Whether a request names an account of this bank, with or without its name before it. */
export function isLocal(written: string, ownBank: string): boolean {
  return !written.includes('/') || written.startsWith(`${ownBank}/`);
}

/** The account that a local place is. */
export function localAccount(written: string): string {
  return written.slice(written.indexOf('/') + 1);
}
