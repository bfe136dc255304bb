import { CrossBankPending, Problem } from '@lastro/contract';
import type { TSchema } from 'typebox';

const REASONS: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Done, or done before under the same id.',
  202: 'Other banks have a part in it, and it is not decided yet: ask at Location.',
  204: 'Done.',
  400: 'The request is malformed.',
  401: 'No valid key.',
  403: 'The key may not do this.',
  404: 'Nothing here for this key to see.',
  408: 'The request did not arrive in time; it had no effect.',
  409: 'It stands already.',
  412: 'It is not as the request demands; it was changed since it was read.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'Refused; nothing changed.',
  423: 'The account is leased to somebody else, or a token in Lastro-Lease is over; nothing changed.',
  428: 'If-Match is required.',
  500: 'The bank failed on this request.',
  503: 'Not submitted, no effect; try again.',
  504: 'Outcome unknown; send the same id again.',
};

/** What an answer of this status says, in a sentence. */
export function reasonOf(status: number): string {
  return REASONS[status] ?? (status < 400 ? 'Done.' : 'Refused.');
}

/** The answers of a route for validation, serialization and OpenAPI: its own and its problems. */
export function answers(success: number, schema: TSchema, problems: readonly number[]) {
  const described = problems.map(
    (status) => [status, { ...Problem, description: reasonOf(status) }] as const,
  );
  return {
    ...Object.fromEntries(described),
    [success]: { ...schema, description: reasonOf(success) },
  };
}

/** The answers of a command that other banks may have a part in: it may take its time. */
export function acrossAnswers(schema: TSchema, problems: readonly number[]) {
  return { ...answers(201, schema, problems), ...answers(202, CrossBankPending, []) };
}

/** What every command may be answered with, besides its effect. */
export const COMMAND_PROBLEMS = [400, 401, 403, 409, 422, 423, 503, 504] as const;
