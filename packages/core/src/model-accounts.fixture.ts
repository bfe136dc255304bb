import type { Command } from './command.ts';
import { unitIsOtherwise } from './model-goods.fixture.ts';
import { ownedByTheBank, SUM_MAX, type Opening, type Pages } from './notebook.fixture.ts';
import type { Refusal } from './refusal.ts';

// The model's rules of accounts.

type CommandOf<Type extends Command['type']> = Extract<Command, { type: Type }>;

export function open(pages: Pages, command: CommandOf<'OpenAccount'>): Refusal | undefined {
  const { account, asset, creditLimit, maximumBalance } = command;
  if (ownedByTheBank(account)) return { code: 'system_account', account };
  if (asset.startsWith('sku:')) return { code: 'asset_not_allowed' };
  if (![creditLimit, maximumBalance].every(isLimit)) return { code: 'amount_out_of_range' };
  if (pages.opening(account)) return { code: 'account_exists', account };
  if (unitIsOtherwise(pages, asset)) return { code: 'asset_scale_conflict' };
  pages.openings.push({
    name: account,
    unit: asset,
    overdraft: creditLimit,
    ceiling: maximumBalance,
    state: 'open',
  });
  return undefined;
}

function isLimit(limit: bigint | null): boolean {
  return limit === null || (limit >= 0n && limit <= SUM_MAX);
}

export function change(pages: Pages, command: CommandOf<'ChangeAccount'>): Refusal | undefined {
  const { account, version } = command;
  const opening = pages.opening(account);
  if (!opening) return pages.unusable(account);
  if (version !== null && version !== pages.version(account)) return { code: 'version_conflict' };
  if (opening.state === 'closed') return { code: 'account_closed', account };
  const overdraft = command.creditLimit ? command.creditLimit.to : opening.overdraft;
  const ceiling = command.maximumBalance ? command.maximumBalance.to : opening.ceiling;
  if (![overdraft, ceiling].every(isLimit)) return { code: 'amount_out_of_range' };
  put(pages, { ...opening, overdraft, ceiling });
  const worth = pages.worth(account);
  const low = worth - pages.promised(account, 'from');
  const high = worth + pages.promised(account, 'to');
  const isTooNarrow = (overdraft !== null && low + overdraft < 0n) || high > pages.room(account);
  return isTooNarrow ? { code: 'limit_in_use', account } : undefined;
}

export function changeState(
  pages: Pages,
  command: CommandOf<'FreezeAccount' | 'UnfreezeAccount' | 'CloseAccount' | 'ReopenAccount'>,
): Refusal | undefined {
  const { account } = command;
  const opening = pages.opening(account);
  if (!opening) return pages.unusable(account);
  const { state } = opening;
  switch (command.type) {
    case 'FreezeAccount':
      if (state === 'frozen') return { code: 'account_frozen', account };
      if (state === 'closed') return { code: 'account_closed', account };
      put(pages, { ...opening, state: 'frozen' });
      return undefined;
    case 'UnfreezeAccount':
      if (state !== 'frozen') return { code: 'account_not_frozen', account };
      put(pages, { ...opening, state: 'open' });
      return undefined;
    case 'CloseAccount': {
      if (state === 'closed') return { code: 'account_closed', account };
      const sums = [pages.worth(account)];
      sums.push(pages.promised(account, 'from'), pages.promised(account, 'to'));
      if (sums.some((sum) => sum !== 0n)) return { code: 'account_not_empty', account };
      put(pages, { ...opening, state: 'closed' });
      return undefined;
    }
    case 'ReopenAccount':
      if (state !== 'closed') return { code: 'account_not_closed', account };
      put(pages, { ...opening, state: 'open' });
      return undefined;
  }
}

function put(pages: Pages, opening: Opening): void {
  pages.openings[pages.openings.findIndex(({ name }) => name === opening.name)] = opening;
  pages.touched.push(opening.name);
}
