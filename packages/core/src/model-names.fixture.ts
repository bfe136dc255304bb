import type { Command } from './command.ts';
import { following } from './model-promises.fixture.ts';
import type { Pages, Route } from './notebook.fixture.ts';

// Which places a command is about, and which ids it would give away, by the model.

/** Whether an id that the command would give away is somebody's; a taken order is judged at once. */
export function givesTakenId(pages: Pages, command: Command): boolean {
  const [groups, moves] = idsGiven(pages, command);
  const repeats = moves.some((id, index) => moves.indexOf(id) !== index);
  return (
    repeats || groups.some((id) => pages.groupTaken(id)) || moves.some((id) => pages.moveTaken(id))
  );
}

/** Ids of the group and of the moves that the command would make. */
function idsGiven(
  pages: Pages,
  command: Command,
): readonly [groups: readonly string[], moves: readonly string[]] {
  const numbered = (first: string, routes: readonly Route[]) =>
    routes.map((_, index) => following(first, index));
  switch (command.type) {
    case 'PostTransfer':
    case 'Deposit':
    case 'Withdraw':
    case 'ReverseTransfer':
      return [[], [command.id]];
    case 'PostTransaction':
      return [[command.id], command.transfers.map(({ id }) => id)];
    case 'PlaceHold':
      return [[command.id], []];
    case 'CaptureHold':
      return [[], numbered(command.transferId, routesOf(pages, command))];
    case 'ReverseTransaction':
    case 'CancelOrder':
      return [[command.id], numbered(command.transferId, routesOf(pages, command))];
    case 'CreateProduct':
      return [[], command.stock > 0n ? [command.transferId] : []];
    case 'ReceiveGoods':
    case 'AdjustGoods':
      return [[], [command.transferId]];
    case 'PlaceOrder': {
      const skus = new Set(command.lines.map(({ sku }) => sku));
      return [[], command.transferIds.slice(0, skus.size + 1)];
    }
    case 'BeginCrossBank':
    case 'SetExposureLimit':
    case 'GrantConsent':
    case 'RevokeConsent':
    case 'OpenAccount':
    case 'ChangeAccount':
    case 'FreezeAccount':
    case 'UnfreezeAccount':
    case 'CloseAccount':
    case 'ReopenAccount':
    case 'ReleaseHold':
    case 'ExtendHold':
    case 'ChangeProduct':
    case 'RequestLease':
    case 'RenewLease':
    case 'ReleaseLease':
      return [[], []];
  }
}

/** What the command would promise, keep, let go or take back. */
function routesOf(pages: Pages, command: Command): readonly Route[] {
  if ('hold' in command) {
    return pages.promises.find(({ id }) => id === command.hold)?.routes ?? [];
  }
  if (command.type === 'CancelOrder') {
    const isOrder = pages.purchases.some(({ id }) => id === command.order);
    return isOrder ? pages.moves.filter(({ group }) => group === command.order) : [];
  }
  if (!('reverses' in command)) return [];
  return command.type === 'ReverseTransfer'
    ? pages.moves.filter(({ id }) => id === command.reverses)
    : pages.moves.filter(({ group }) => group === command.reverses);
}

/** The clients' accounts that a command is about; others are never leased. */
export function placesOf(pages: Pages, command: Command): readonly string[] {
  if ('account' in command) return [command.account];
  if ('from' in command) return [command.from, command.to];
  if ('transfers' in command) return command.transfers.flatMap(({ from, to }) => [from, to]);
  if (command.type === 'PlaceOrder') return [command.customer, command.merchant];
  if (command.type === 'CreateProduct') return command.merchant === null ? [] : [command.merchant];
  return routesOf(pages, command).flatMap(({ from, to }) => [from, to]);
}
