import { consortium, encodeYes, type Reader } from '@lastro/core';
import { hashBody } from './body-hash.ts';
import { YES_LENGTH_MAX } from './yes-signature.ts';

/** A message and the transaction that it is about. */
export interface Addressed {
  readonly id: string;
  readonly message: consortium.Message;
}

/** One message as JSON; amounts are integers. */
export function encodeMessage({ id, message }: Addressed): string {
  const head = `{"id":${JSON.stringify(id)},"type":"${message.type}"`;
  switch (message.type) {
    case 'prepare':
    case 'report':
      return `${head},"hash":"${message.hash}","body":${consortium.encodeBody(message.body)}}`;
    case 'vote':
      return `${head},"hash":"${message.hash}",${encodeVote(message.vote)}}`;
    case 'apply':
      return `${head},${encodeCarried(message.decision)}}`;
    case 'acknowledge':
      return `${head},"decision":"${message.decision}"}`;
    case 'ask':
      return `${head}}`;
  }
}

function encodeVote(vote: consortium.Vote): string {
  if (vote.is === 'yes') return `"vote":"yes","signature":${JSON.stringify(vote.signature)}`;
  return `"vote":"no","reason":${consortium.encodeReason(vote.reason)}`;
}

function encodeCarried(decision: consortium.CarriedDecision): string {
  if (decision.is === 'abort') return `"decision":"abort"`;
  const { hash, yes, body } = decision;
  const text = consortium.encodeBody(body);
  return `"decision":"commit","hash":"${hash}","yes":${encodeYes(yes)},"body":${text}`;
}

const ID = /^[a-z][a-z0-9-]{1,30}\/[0-9a-f-]{36}$/;
const HASH = /^[0-9a-f]{64}$/;
const BANK = /^[a-z][a-z0-9-]{1,30}$/;
const YES_MAX = 32;

/**
 * Reads one message. Throws a `SyntaxError` for what isn't one, also where a hash isn't that of the
 * body beside it: what the sender says of the body is not believed.
 */
export function decodeMessage(read: Reader): Addressed {
  const id = formed(read, 'id', ID);
  return { id, message: decodeContent(read) };
}

function decodeContent(read: Reader): consortium.Message {
  const type = read.text('type');
  switch (type) {
    case 'prepare':
    case 'report':
      return { type, ...decodeHashed(read) };
    case 'vote':
      return { type, hash: formed(read, 'hash', HASH), vote: decodeVote(read) };
    case 'apply':
      return { type, decision: decodeCarried(read) };
    case 'acknowledge':
      return { type, decision: decisionOf(read) };
    case 'ask':
      return { type };
    default:
      throw new SyntaxError('no message of this version');
  }
}

function decodeHashed(read: Reader): consortium.HashedBody {
  const body = consortium.decodeBody(read.object('body'));
  const hash = hashBody(body);
  if (hash !== read.text('hash')) throw new SyntaxError('the hash is not that of the body');
  return { body, hash };
}

function decodeVote(read: Reader): consortium.Vote {
  const vote = read.text('vote');
  if (vote === 'yes') return { is: 'yes', signature: signatureOf(read) };
  if (vote !== 'no') throw new SyntaxError('a vote is yes or no');
  return { is: 'no', reason: consortium.decodeReason(read.object('reason')) };
}

function decodeCarried(read: Reader): consortium.CarriedDecision {
  if (decisionOf(read) === 'abort') return { is: 'abort' };
  return { is: 'commit', yes: decodeYes(read), ...decodeHashed(read) };
}

/** The member `yes`, in form; whether each is one must still be verified. */
export function decodeYes(read: Reader): readonly consortium.Yes[] {
  const list = read.list('yes');
  if (list.length > YES_MAX) throw new SyntaxError('too many votes');
  return list.map((one) => ({ bank: formed(one, 'bank', BANK), signature: signatureOf(one) }));
}

function decisionOf(read: Reader): 'commit' | 'abort' {
  const decision = read.text('decision');
  if (decision !== 'commit' && decision !== 'abort') throw new SyntaxError('no decision');
  return decision;
}

function signatureOf(read: Reader): string {
  const signature = read.text('signature');
  if (signature.length > YES_LENGTH_MAX) throw new SyntaxError('a signature is too long');
  return signature;
}

function formed(read: Reader, name: string, form: RegExp): string {
  const text = read.text(name);
  if (!form.test(text)) throw new SyntaxError(`${name} is not of the right form`);
  return text;
}
