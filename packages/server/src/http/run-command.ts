import type { ErrorCode } from '@lastro/contract';
import { refusalOf, type Command, type Envelope, type Fact } from '@lastro/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { describeFault } from '../store/database-error.ts';
import { commandHash } from './command-id.ts';
import { leaseTokens } from './lease-tokens.ts';
import { sendProblem, type ProblemDetails } from './problem.ts';
import { refusalMembers } from './refusal-members.ts';

/** An accepted command: what happened, where in the order, and when. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly fact: Fact;
  readonly seq: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly replayed: boolean;
}

export interface Refused {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly details: ProblemDetails;
  readonly replayed: boolean;
}

export type CommandResult = Accepted | Refused;

/** Hands a command to the engine and makes its outcome a value, whatever became of it. */
export async function runCommand(
  engine: Pick<Engine, 'submit'>,
  envelope: Envelope,
): Promise<CommandResult> {
  try {
    const outcome = await engine.submit(envelope);
    if (outcome.kind === 'reused') return refused('id_reused', {}, false);
    if (outcome.kind === 'postponed') {
      return refused(outcome.refusal.code, refusalMembers(outcome.refusal), false);
    }
    const { fact, seq, replayed } = outcome;
    if (fact.type === 'command.failed') return refused('internal_error', {}, replayed);
    const refusal = refusalOf(fact);
    if (refusal !== undefined) return refused(refusal.code, refusalMembers(refusal), replayed);
    return { kind: 'accepted', fact, seq, at: new Date(outcome.at).toISOString(), replayed };
  } catch (error) {
    if (error instanceof EngineError) return refused(error.code, {}, false);
    throw error;
  }
}

/** A command that is refused, or was not submitted, with what its problem says. */
export function refused(code: ErrorCode, details: ProblemDetails, replayed: boolean): Refused {
  return { kind: 'refused', code, details, replayed };
}

/** The envelope of a request's command. */
export function envelopeOf(
  request: FastifyRequest,
  route: string,
  id: string,
  command: Command,
): Envelope {
  return { ...addressOf(request, route, id, request.body), command };
}

/** Whose command it is, which one, and under which leases: an envelope without its content. */
export function addressOf(
  request: FastifyRequest,
  route: string,
  id: string,
  body: unknown,
): Omit<Envelope, 'command'> {
  const hash = commandHash(route, body);
  return { principal: request.principal.id, id, hash, leaseTokens: leaseTokens(request) };
}

/**
 * Runs a request's command and answers: with the problem of its refusal, or with what `present`
 * makes of its fact.
 */
export async function answerCommand<Type extends Fact['type']>(
  engine: Pick<Engine, 'submit'>,
  request: FastifyRequest,
  reply: FastifyReply,
  envelope: Envelope,
  type: Type,
  present: (fact: Extract<Fact, { readonly type: Type }>, accepted: Accepted) => unknown,
): Promise<FastifyReply> {
  const result = await runCommand(engine, envelope);
  if (result.replayed) reply.header('idempotency-replayed', 'true');
  if (result.kind === 'refused') return sendProblem(request, reply, result.code, result.details);
  const { fact } = result;
  if (!isOfType(fact, type)) throw new Error(`${envelope.command.type} made ${fact.type}`);
  return reply.code(201).send(await present(fact, result));
}

/**
 * Runs a request's command and answers with what `present` reads: a thing that stood before, as the
 * command left it. Where that can't be read now the answer is "unknown", for the command has had its
 * effect, and "unavailable" promises that there is none.
 */
export async function answerFromReads(
  engine: Pick<Engine, 'submit'>,
  request: FastifyRequest,
  reply: FastifyReply,
  envelope: Envelope,
  status: 200 | 201,
  present: (accepted: Accepted) => Promise<unknown>,
): Promise<FastifyReply> {
  const result = await runCommand(engine, envelope);
  if (result.replayed) reply.header('idempotency-replayed', 'true');
  if (result.kind === 'refused') return sendProblem(request, reply, result.code, result.details);
  let answer: unknown;
  try {
    answer = await present(result);
  } catch (error) {
    request.log.error({ requestId: request.id, fault: describeFault(error) }, 'answer not read');
    return sendProblem(request, reply, 'outcome_unknown');
  }
  return reply.code(status).send(answer);
}

/** The fact of an accepted command, whose type follows from the command's. */
export function factOf<Type extends Fact['type']>(
  { fact }: Accepted,
  ...types: readonly Type[]
): Extract<Fact, { readonly type: Type }> {
  const type = types.find((each) => isOfType(fact, each));
  if (type === undefined || !isOfType(fact, type)) throw new Error(`the command made ${fact.type}`);
  return fact;
}

function isOfType<Type extends Fact['type']>(
  fact: Fact,
  type: Type,
): fact is Extract<Fact, { readonly type: Type }> {
  return fact.type === type;
}
