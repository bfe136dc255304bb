import type { PeersTexts } from './peers-texts.ts';

const exitCodes = `
Exit codes:
  0  done
  1  the bank could not be reached, or could not do it now
  2  a flag or value that is not understood
  3  the bank refused it; the sentence says why
`;

export const english: PeersTexts = {
  summary: 'the banks that a bank deals with',
  description:
    'Manages the peers of a bank that runs: the other banks of its consortium with which it moves money. Both banks must add each other.',
  after: `
Commands:
  lastro peers list                                who is there, and the bank’s own keys
  lastro peers add beta --limit BRL/2=100000       deal with beta, which may owe up to R$ 1 000,00
  lastro peers limit beta BRL/2=500000             let it owe more
  lastro peers position beta                       who owes whom
  lastro peers settle beta BRL/2=300000            take off what was paid outside
  lastro peers rotate                              a new key for the bank itself
  lastro peers remove beta                         when nothing is owed any more
${exitCodes}`,
  bank: 'id of the other bank',
  limitsArgument: 'ASSET=AMOUNT in minor units, or ASSET=none for no limit',
  flags: {
    url: 'address of the bank (default http://127.0.0.1:4000)',
    keyFile: 'file with an admin key (default ./data/admin-key)',
    output: 'text or json (default text)',
  },
  list: {
    summary: 'list the peers, and this bank’s own keys',
    description: 'Lists the peers, whether each is there, and this bank’s own keys.',
    flags: {},
    after: `
“not_accepted”: the peer answers, but does not know this bank or its present key, or the clocks differ by more
than half a minute: let its operator run lastro peers add for this bank.
${exitCodes}`,
  },
  add: {
    summary: 'add a bank to deal with, or renew its address and keys',
    description:
      'Adds a bank as a peer. Its address and keys are read in the consortium’s register and pinned here, unless they are given. Compare the fingerprint with the one that the other operator sees in lastro peers list.',
    flags: {
      peerUrl: 'the peer’s address, instead of what the register says',
      peerKey: 'its public key, or two separated by a comma, instead of what the register says',
      limit: 'how much it may owe, as BRL/2=100000; several separated by commas (default: nothing)',
      revoke: 'let nothing count that was promised under keys it had before: they were stolen',
    },
    after: `
Without a limit the peer may owe nothing: money can go there, and come back, but no more.

Examples:
  lastro peers add beta --limit BRL/2=100000,USD/2=20000
  lastro peers add beta --peer-url https://beta.example:4000 --peer-key k5u2…
${exitCodes}`,
  },
  remove: {
    summary: 'deal with a bank no longer',
    description:
      'Removes a peer. Refused while anything is owed, one way or the other, or a transaction with it is not decided.',
    flags: {},
    after: exitCodes,
  },
  limit: {
    summary: 'set how much a peer may owe this bank',
    description:
      'Sets how much a peer may owe this bank in each asset, promises counted, and how much may be under way with it at once.',
    flags: {
      inFlight: 'how much may be under way with it at once, as BRL/2=500000',
      inFlightMax: 'how many transactions may be under way with it at once, 1 to 10000',
    },
    after: `
Amounts are in minor units: BRL/2=100000 is R$ 1 000,00. No limit can be set below what is owed already.

Examples:
  lastro peers limit beta BRL/2=500000
  lastro peers limit beta BRL/2=none --in-flight BRL/2=1000000 --in-flight-max 100
${exitCodes}`,
  },
  position: {
    summary: 'show what this bank and a peer owe each other',
    description: 'Shows position and exposure limit in each asset, and what is not decided yet.',
    flags: {},
    after: `
A position above zero is what this bank owes the peer, below zero what the peer owes it.
${exitCodes}`,
  },
  settle: {
    summary: 'take off a position what was paid outside',
    description:
      'Settles so much of what this bank and a peer owe each other, once it was paid outside: from an account of the bank that is owed to an account of the one that owes, in both banks or in neither. The position moves towards zero, never beyond.',
    flags: {
      account: 'account of this bank (default settlement)',
      peerAccount: 'account of the peer (default settlement)',
      consent: 'the peer’s consent to debit its account, where the peer is the one that is owed',
      id: 'UUID of the command: the same one again settles nothing twice (default: a new one)',
    },
    after: `
The amount is in minor units: BRL/2=300000 is R$ 3 000,00. Book what came in on the account first.

Examples:
  lastro peers settle beta BRL/2=300000
  lastro peers settle beta BRL/2=300000 --account nostro --peer-account loro
${exitCodes}`,
  },
  rotate: {
    summary: 'give this bank a new key',
    description:
      'Makes a new key for the bank, announces it to its peers under the key that they know, and has it sign as soon as those that are online take it. The key before stays valid until the next rotation.',
    flags: {
      retire: 'make no new key, and give the previous one up now: it may have been stolen',
      force: 'also where a peer has not heard of the present key: it must add this bank anew',
      wait: 'seconds to wait until the new key signs; 0: not at all (default 60)',
    },
    after: exitCodes,
  },

  badLimit: (name, text) =>
    `${name} must be like BRL/2=100000 or BRL/2=none, several separated by commas, not “${text}”.`,
  badKey: (name, text) =>
    `${name} must be a public key of 43 characters of base64url, or two with a comma between them, not “${text}”.`,
  amountArgument: 'ASSET=AMOUNT in minor units',
  badAmount: (text) => `<amount> must be like BRL/2=300000, in minor units, not “${text}”.`,
  noAccount: 'An account’s id has 1 to 64 of A–Z a–z 0–9 . _ : @ + -.',
  noLimit: 'Say what to limit: BRL/2=100000, --in-flight or --in-flight-max.',

  columns: {
    bank: 'bank',
    state: 'state',
    lastContact: 'last contact',
    underWay: 'under way',
    url: 'address',
    trouble: 'trouble',
  },
  positionColumns: {
    asset: 'asset',
    position: 'position',
    exposureLimit: 'may owe',
    available: 'left of it',
    promisedIn: 'promised in',
    promisedOut: 'promised out',
  },
  state: { online: 'online', offline: 'offline', unknown: 'not asked yet' },
  role: { signing: 'signs', next: 'is announced', previous: 'signed before' },
  never: 'never',
  unlimited: 'no limit',
  self: (bank, url) => `This is bank ${bank} at ${url}. Its keys:`,
  key: (fingerprint, what) => `  ${fingerprint}  ${what}`,
  nobody: 'It has no peers yet: lastro peers add <bank>.',
  added: (bank, url) => `Bank ${bank} at ${url} is a peer. It must sign with:`,
  compare: (bank) =>
    `Compare this with what the operator of ${bank} sees in lastro peers list before money moves.`,
  removed: (bank) => `Bank ${bank} is no peer any more.`,
  noPositions: (bank) => `This bank and ${bank} have never owed each other anything.`,
  underWay: (count, ids) =>
    `${count} ${count === 1 ? 'transaction is' : 'transactions are'} not decided: ${ids}`,
  settled: (bank, amount, left) =>
    `${amount} settled with ${bank}; ${left === '0' ? 'nothing is owed any more' : `the position is ${left}`}.`,
  settling: (transaction) =>
    `It is not decided yet: see GET /v1/transactions/${transaction}, or give the same --id again.`,
  rotated: 'The new key signs.',
  announced: 'The new key is announced, and signs as soon as the peers that are online take it.',
  retired: 'The previous key is given up.',
};
