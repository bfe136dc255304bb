import type { Guard } from './guard.ts';

const consortium = 'packages/server/src/consortium';
const register = `${consortium}/register`;
const transactions = `${register}/etcd/transactions.ts`;
const tables = `${register}/postgres/migrations/0001-register.sql`;
const verifying = `${consortium}/messages/verify-message.ts`;
const profile = `${consortium}/messages/signature-profile.ts`;

const inEtcd = `${register}/etcd/etcd-home.test.ts`;
const inPostgres = `${register}/postgres/postgres-home.test.ts`;
const requests = `${consortium}/messages/verify-message.test.ts`;

/** What banks rest on between them: the register, and the messages that they sign. */
export const consortiumGuards: readonly Guard[] = [
  {
    name: 'etcd compares the pinned revision in the same transaction',
    replacements: [
      {
        path: transactions,
        from: 'mod_revision: String(guard.revision - 1n)',
        to: "mod_revision: '0'",
      },
    ],
    test: { path: inEtcd, title: 'went back' },
  },
  {
    name: 'PostgreSQL compares the pinned revision in the same transaction',
    replacements: [{ path: tables, from: ' and revision >= pinned_revision', to: '' }],
    test: { path: inPostgres, title: 'went back' },
  },
  {
    name: 'a member of etcd that is behind catches up before it answers',
    replacements: [
      {
        path: transactions,
        from: 'return { request_range: { key } };',
        to: 'return { request_range: { key, serializable: true } };',
      },
    ],
    test: { path: `${register}/etcd/etcd-faults.test.ts`, title: 'was behind' },
  },
  {
    name: 'nothing is created below a floor in etcd',
    replacements: [
      { path: transactions, from: 'isGreater(floor, decision.id)', to: "isGreater(floor, '~')" },
    ],
    test: { path: inEtcd, title: 'below the floor be created again' },
  },
  {
    name: 'nothing is created below a floor in PostgreSQL',
    replacements: [
      { path: tables, from: 'where floor.floor is null or claim.id >= floor.floor', to: '' },
    ],
    test: { path: inPostgres, title: 'below the floor be created again' },
  },
  {
    name: 'a try whose answer was lost may have had its effect',
    replacements: [
      {
        path: `${register}/attempts.ts`,
        from: "wasUnknown ||= attempt.effect === 'unknown';",
        to: '',
      },
    ],
    test: { path: `${register}/postgres/postgres-faults.test.ts`, title: 'answer was lost' },
  },
  {
    name: 'the body is the one that was signed',
    replacements: [
      { path: verifying, from: " ?? checkBody(signed['content-digest'], body)", to: '' },
    ],
    test: { path: requests, title: 'the body, with its digest left' },
  },
  {
    name: 'a nonce is taken once',
    replacements: [
      {
        path: verifying,
        from: "return isFirst ? judged : refuse('nonce_replayed');",
        to: 'return isFirst ? judged : judged;',
      },
    ],
    test: { path: requests, title: 'now, and by 50 at once' },
  },
  {
    name: 'a revoked key is refused',
    replacements: [
      {
        path: verifying,
        from: "if (key.state !== 'valid') return refuse('key_revoked');",
        to: '',
      },
    ],
    test: { path: requests, title: 'a revoked one is refused' },
  },
  {
    name: 'a signature covers all that the profile names',
    replacements: [
      {
        path: profile,
        from: "if (components !== componentList(profile)) return refuse('components_mismatch');",
        to: '',
      },
    ],
    test: { path: requests, title: 'a signature that does not cover' },
  },
  {
    name: 'a response belongs to its request',
    replacements: [{ path: profile, from: '`"signature";req;key="${LABEL}"`,', to: '' }],
    test: { path: `${consortium}/messages/verify-response.test.ts`, title: 'spliced in' },
  },
  {
    name: 'a redirect is not an answer',
    replacements: [
      {
        path: `${consortium}/messages/peer-client.ts`,
        from: 'answer.statusCode >= 300 && answer.statusCode < 400',
        to: 'answer.statusCode < 100',
      },
    ],
    test: { path: `${consortium}/messages/peer-client.test.ts`, title: 'redirects by' },
  },
  {
    name: 'a shared signature shows nothing of what was refused',
    replacements: [
      {
        path: `${consortium}/host/yes-signature.ts`,
        from: '${hash}\\n${salt}\\n`',
        to: '${hash}\\n`',
      },
    ],
    test: {
      path: `${consortium}/host/yes-signature.test.ts`,
      title: 'says nothing of another body that came with it',
    },
  },
  {
    name: 'what waits for a bank is not given up while a process begins it',
    replacements: [
      {
        path: `${consortium}/host/queued-requests.ts`,
        from: 'delete from queued_request\n        where ${THIS} and ${UNCLAIMED} returning id',
        to: 'delete from queued_request\n        where ${THIS} returning id',
      },
    ],
    test: {
      path: `${consortium}/host/queued-requests.test.ts`,
      title: 'is begun by one process, and given up by none meanwhile',
    },
  },
  {
    name: 'what waits for a bank is taken up after a start',
    replacements: [
      {
        path: `${consortium}/host/host.ts`,
        from: '    this.#do(() => this.#parts.clients.takeUpQueued());\n',
        to: '',
      },
      {
        path: `${consortium}/host/host.ts`,
        from: '    this.#every(limits.queueLookMs, () => this.#parts.clients.takeUpQueued());\n',
        to: '',
      },
    ],
    test: {
      path: `${consortium}/host/recovery.test.ts`,
      title: 'what waits for a bank outlives the process that promised to wait',
    },
  },
  {
    name: 'the database itself lets a cross-bank transaction be decided once',
    replacements: [
      {
        path: 'packages/server/src/store/migrations/0012-promises.sql',
        from: 'when (old.decided_seq is not null',
        to: 'when (false and old.decided_seq is not null',
      },
    ],
    test: { path: 'tests/faults/promises.test.ts', title: 'found or refused' },
  },
  {
    name: 'the books of holds count what is promised to other banks',
    replacements: [
      {
        path: 'packages/server/src/ledger/consistency.ts',
        from: "\n  union all select seq from cross_transaction where state = 'prepared'",
        to: '',
      },
    ],
    test: { path: 'tests/faults/promises.test.ts', title: 'found or refused' },
  },
];
