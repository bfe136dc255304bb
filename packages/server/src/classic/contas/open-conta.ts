import { NO_LEASE_TOKENS, NO_METADATA, type Command, type Envelope } from '@lastro/core';
import { v5 as uuidV5, v7 as uuidV7 } from 'uuid';
import type { Engine } from '../../engine/engine.ts';
import { runCommand, type CommandResult } from '../../http/run-command.ts';
import { readEvent } from '../../store/read-event.ts';
import type { Snapshot } from '../../store/reads.ts';
import { refused, type Answer } from './answer.ts';
import { ASSET, type Conta } from './conta.ts';
import { envelopeOf, hashOf, OPENING_PRINCIPAL, operationOf } from './envelope.ts';
import { refusalAnswer } from './refusal-answer.ts';

export interface OpeningParts {
  readonly engine: Pick<Engine, 'submit'>;
  readonly reads: Snapshot;
}

/** Any UUID, the same for ever: a first balance has an id that follows from its opening's. */
const NAMESPACE = '0b5f3f1e-77f3-5a3b-9b0e-6a5d5e3f1c02';

/** What an opened account says of itself: the opening's id, and the centavos that follow it. */
const OPENING = 'abertura';
const FIRST_BALANCE = 'saldo_inicial';

/** More than can be under way when a process is killed. */
const OPENINGS_LOOKED_AT = 10_000;

/**
 * Opens an account and brings its first balance in from outside. That is two commands; a first balance
 * that its opening was killed before is brought by the next start, or by whoever meets the account first.
 */
export async function openConta(
  parts: OpeningParts,
  account: string,
  centavos: bigint,
): Promise<Answer> {
  const opening = uuidV7();
  const opened = await runCommand(parts.engine, openingOf(opening, account, centavos));
  if (opened.kind === 'refused') return refusalAnswer(opened.code);
  if (centavos === 0n) return CREATED;
  const first = await bringFirstBalance(parts, opening, account, centavos);
  if (first.kind === 'accepted') return CREATED;
  // Whatever the reason, the account stands, and its first balance is brought later.
  return refused('Conta criada; o saldo inicial ainda não entrou: consulte o saldo', 504);
}

const CREATED: Answer = { status: 200, body: { mensagem: 'Conta criada com sucesso' } };

function openingOf(opening: string, account: string, centavos: bigint): Envelope {
  const command: Command = {
    type: 'OpenAccount',
    account,
    asset: ASSET,
    creditLimit: 0n,
    maximumBalance: null,
    metadata:
      centavos === 0n ? NO_METADATA : { [OPENING]: opening, [FIRST_BALANCE]: String(centavos) },
  };
  return centavos === 0n
    ? envelopeOf(operationOf(opening, 'abertura', account), command)
    : openingEnvelope(opening, command);
}

function openingEnvelope(id: string, command: Command): Envelope {
  const hash = hashOf(id);
  return { principal: OPENING_PRINCIPAL, id, hash, command, leaseTokens: NO_LEASE_TOKENS };
}

/** However often it is called: once for each opening. */
function bringFirstBalance(
  { engine }: OpeningParts,
  opening: string,
  account: string,
  amount: bigint,
): Promise<CommandResult> {
  const id = uuidV5(`first balance of ${opening}`, NAMESPACE);
  const deposit = { type: 'Deposit', id, account, amount, metadata: NO_METADATA } as const;
  return runCommand(engine, openingEnvelope(depositIdOf(opening), deposit));
}

const DEPOSIT_PREFIX = 'saldo:';

function depositIdOf(opening: string): string {
  return DEPOSIT_PREFIX + opening;
}

/** Brings the first balance of an account that moved nothing yet, if it still waits for it. */
export async function finishOpening(parts: OpeningParts, conta: Conta): Promise<boolean> {
  const opening = conta.metadata[OPENING];
  if (conta.version > 1 || opening === undefined) return false;
  // The account says so itself, and anybody with a key of the API can open one that says anything:
  // only an opening that this surface recorded is believed.
  const [row] = await parts.reads.rows<{ seq: bigint }>(
    `select seq from outcome where principal = $1 and id = $2 and code is null`,
    [OPENING_PRINCIPAL, opening],
  );
  return row !== undefined && (await finish(parts, opening, Number(row.seq)));
}

const UNFINISHED = `select o.id, o.seq
  from (select id, seq from outcome
         where principal = $1 and code is null and id < $2
         order by id desc limit $3) o
 where not exists (select from outcome d where d.principal = $1 and d.id = $2 || o.id)`;

/**
 * Brings what openings left behind when the process before was killed; the engine must run. How many
 * there were: none is left when there were none.
 */
export async function finishOpenings(parts: OpeningParts): Promise<number> {
  const rows = await parts.reads.rows<{ id: string; seq: bigint }>(UNFINISHED, [
    OPENING_PRINCIPAL,
    DEPOSIT_PREFIX,
    OPENINGS_LOOKED_AT,
  ]);
  for (const { id, seq } of rows) await finish(parts, id, Number(seq));
  return rows.length;
}

async function finish(parts: OpeningParts, opening: string, seq: number): Promise<boolean> {
  const recorded = await readEvent(parts.reads, seq);
  const fact = recorded?.event.fact;
  if (fact?.type !== 'account.opened') return false;
  const centavos = BigInt(fact.metadata[FIRST_BALANCE] ?? 0);
  const first = await bringFirstBalance(parts, opening, fact.account, centavos);
  return first.kind === 'accepted';
}
