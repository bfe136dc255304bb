import type { Application } from '../../http/application.ts';
import { ProblemError } from '../../http/problem.ts';
import { ACCOUNTS } from './accounts.ts';

/**
 * Keeps the API of this listener to the surface's own accounts: its tokens are four characters long
 * and known to everybody. Another account is, to them, one that does not stand.
 */
export function keepToOwnAccounts(app: Application): void {
  // Before the shapes of bodies and paths are judged: what can't be an account isn't one of these.
  app.addHook('preValidation', async (request) => {
    if (!request.url.startsWith('/v1/')) return;
    const body = membersOf(request.body);
    const named = ['from', 'to', 'account'].flatMap((name) => body.get(name) ?? []);
    const [stranger] = named.filter((id) => typeof id !== 'string' || !ACCOUNTS.includes(id));
    if (typeof stranger === 'string') {
      throw new ProblemError('account_not_found', { account: stranger });
    }
    const id = membersOf(request.params).get('id');
    if (id !== undefined && !(typeof id === 'string' && ACCOUNTS.includes(id))) {
      throw new ProblemError('not_found');
    }
  });
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
