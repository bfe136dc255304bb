import { depthGuards } from './depth-guards.ts';
import { consortiumGuards } from './consortium-guards.ts';
import type { Guard } from './guard.ts';

const lane = 'packages/server/src/engine/block-lane.ts';
const engine = 'packages/server/src/engine/engine.ts';
const writer = 'packages/server/src/store/writer.ts';
const train = 'packages/server/src/store/block-train.ts';
const ledger = 'packages/server/src/store/migrations/0001-ledger.sql';

const draftAhead = 'packages/server/src/engine/draft-ahead.test.ts';
const waitingForHead = 'packages/server/src/engine/waiting-for-head.test.ts';
const lostRace = 'tests/faults/lost-race.test.ts';
const cut = 'tests/faults/cut-connection.test.ts';
const sameId = 'tests/acceptance/same-id.test.ts';

/** The guards that matter most, in the order of a command's way. */
export const guards: readonly Guard[] = [
  {
    name: 'numbers are judged by their source text',
    replacements: [
      {
        path: 'packages/server/src/http/json-body.ts',
        from: "if (!PLAIN_INTEGER.test(source) || source === '-0') {",
        to: "if (!Number.isInteger(value) || source === '-0') {",
      },
    ],
    test: { path: 'packages/server/src/http/json-body.test.ts' },
  },
  {
    name: 'a key may do what its scope allows',
    replacements: [
      {
        path: 'packages/server/src/http/principal.ts',
        from: 'RANK[principal.scope] >= RANK[needed]',
        to: 'RANK[principal.scope] >= 0 || needed === principal.scope',
      },
    ],
    test: { path: 'tests/acceptance/api-keys.test.ts', title: 'of read may read' },
  },
  {
    name: 'the queue has a bound',
    replacements: [
      {
        path: 'packages/server/src/engine/ticket-queue.ts',
        from: 'if (this.length >= this.#lengthMax) return false;',
        to: '',
      },
    ],
    test: { path: 'tests/faults/overload.test.ts', title: 'beyond the bound' },
  },
  {
    name: 'a repeat joins its twin that is under way',
    replacements: [
      {
        path: engine,
        from: 'if (twin !== undefined) {',
        to: 'if (twin !== undefined && twin.envelope.hash !== envelope.hash) {',
      },
    ],
    test: { path: cut, title: 'an answer that comes after its 504' },
  },
  {
    name: 'a settled id is looked up',
    replacements: [
      {
        path: 'packages/server/src/engine/load-footprint.ts',
        from: 'envelopes.length === 0 ? [] : writer.loadOutcomes(envelopes),',
        to: '[],',
      },
    ],
    test: { path: lostRace, title: 'the same id at both engines' },
  },
  {
    name: 'an id answers only the body that it came with',
    replacements: [
      {
        path: 'packages/core/src/decide.ts',
        from: 'return earlier.hash === envelope.hash',
        to: "return earlier.hash !== ''",
      },
    ],
    test: { path: sameId },
  },
  {
    name: 'an id of another principal is taken',
    replacements: [
      {
        path: 'packages/server/src/engine/load-footprint.ts',
        from: '[] : writer.loadTakenTransfers([...transferIds]),',
        to: '[] : writer.loadTakenTransfers([]),',
      },
    ],
    test: { path: sameId, title: 'another principal|two principals' },
  },
  {
    name: 'pendings count in the limit',
    replacements: [
      {
        path: 'packages/core/src/account.ts',
        from: 'return balance(account) - account.debitsPending + account.creditLimit;',
        to: 'return balance(account) + account.creditLimit;',
      },
    ],
    test: { path: 'packages/core/src/movement.test.ts' },
  },
  {
    name: 'block time never goes back',
    replacements: [
      { path: lane, from: 'Math.max(head.at, this.#parts.clock())', to: 'this.#parts.clock()' },
    ],
    test: { path: 'tests/faults/block-time.test.ts' },
  },
  {
    name: 'head is read before the rows',
    replacements: [
      {
        path: lane,
        from: 'const head = this.#cache.head;',
        to: 'const head = begun ? this.#cache.head : await writer.readHead();',
      },
    ],
    test: { path: 'tests/faults/warm-cache.test.ts' },
  },
  {
    name: 'what was decided ahead is for the head that it was decided on',
    replacements: [
      {
        path: 'packages/server/src/engine/draft-ahead.ts',
        from: 'head === this.#head &&',
        to: '',
      },
    ],
    test: { path: draftAhead, title: 'for the head' },
  },
  {
    name: 'what was decided ahead is for the commands that come next',
    replacements: [
      {
        path: 'packages/server/src/engine/draft-ahead.ts',
        from: 'tickets.every((ticket, index) => ticket === this.#tickets[index])',
        to: 'tickets.length > 0',
      },
    ],
    test: { path: draftAhead, title: 'other commands' },
  },
  {
    name: 'what was decided ahead is for no fewer commands than come next',
    replacements: [
      {
        path: 'packages/server/src/engine/draft-ahead.ts',
        from: 'tickets.length === this.#tickets.length &&',
        to: '',
      },
    ],
    test: { path: draftAhead, title: 'fewer commands' },
  },
  {
    name: 'what is due comes before what was decided ahead',
    replacements: [
      {
        path: 'packages/server/src/engine/draft-ahead.ts',
        from: 'if (mayBeDue(cache, at)) return;',
        to: '',
      },
    ],
    test: { path: draftAhead, title: 'while a hold may be due' },
  },
  {
    name: 'the cache ends with the head that it belongs to',
    replacements: [
      {
        path: lane,
        from: 'if (!isUnchanged) keepBehindHead(this.#cache, behind);',
        to: 'this.#cache.head = head;',
      },
      {
        path: lane,
        from: 'this.#pauseChores();\n    this.#forgetRows();',
        to: 'this.#pauseChores();\n    this.#cache.head = undefined;',
      },
    ],
    test: { path: lostRace, title: 'a hot account' },
  },
  {
    name: 'a row that was read aside is as of the head of the cache',
    replacements: [
      {
        path: 'packages/server/src/engine/rows-ahead.ts',
        from: 'if (this.#cache.head?.hash !== hash) return;',
        to: '',
      },
    ],
    test: { path: 'tests/faults/rows-ahead.test.ts' },
  },
  {
    name: 'behind a head that another process wrote every known row is old',
    replacements: [
      { path: 'packages/server/src/engine/lock-head.ts', from: 'cache.clear();', to: '' },
    ],
    test: { path: 'packages/server/src/engine/lock-head.test.ts', title: 'drops every row' },
  },
  {
    name: 'what joins a block belongs to it, whatever becomes of it',
    replacements: [{ path: engine, from: '    block.push(...more);\n', to: '' }],
    test: { path: waitingForHead, title: 'is tried again' },
  },
  {
    name: 'nothing joins commands whose ids are looked up, of which halves are tried apart',
    replacements: [{ path: lane, from: "lockFirst && mode === 'trusting' &&", to: 'lockFirst &&' }],
    test: { path: waitingForHead, title: 'is left where ids' },
  },
  {
    name: 'nothing joins commands whose block may stand already',
    replacements: [{ path: lane, from: ' && this.#suspects.length === 0;', to: ';' }],
    test: { path: waitingForHead, title: 'is unknown with them' },
  },
  {
    name: 'head moves on from the block before, or raises',
    replacements: [
      { path: ledger, from: 'where block = expected_block;', to: 'where singleton;' },
      {
        path: ledger,
        from: 'block bigint primary key,\n  id uuid',
        to: 'block bigint,\n  id uuid',
      },
      { path: ledger, from: 'first_seq bigint not null unique,', to: 'first_seq bigint not null,' },
    ],
    test: { path: 'tests/faults/warm-cache.test.ts' },
  },
  {
    name: 'an update of head that finds no row raises',
    replacements: [{ path: ledger, from: 'if not found then', to: 'if false then' }],
    test: { path: lostRace, title: 'neither starves' },
  },
  {
    name: 'a block stands only when nothing failed and COMMIT answers COMMIT',
    replacements: [
      {
        path: train,
        from: 'if (failed === undefined && isCommitTag(committed?.value))',
        to: 'if (isCommitTag(committed?.value) || committed !== undefined)',
      },
    ],
    test: { path: 'tests/faults/poison.test.ts', title: 'twice in one block' },
  },
  {
    name: 'outside of BEGIN nothing can be written',
    replacements: [
      {
        path: writer,
        from: 'set default_transaction_read_only = on',
        to: 'set default_transaction_read_only = off',
      },
    ],
    test: { path: cut, title: 'a BEGIN that fails' },
  },
  {
    name: 'a COMMIT without an answer leaves the fate open',
    replacements: [
      {
        path: train,
        from: 'const fault = faultOf(committed.reason);',
        to: "const fault = faultOf(committed.reason) === 'unknown' ? 'unavailable' : faultOf(committed.reason);",
      },
    ],
    test: { path: 'tests/faults/hang.test.ts', title: 'hangs with an unknown fate' },
  },
  {
    name: 'a block of unknown fate stays a suspect',
    replacements: [
      {
        path: lane,
        from: "if (fault === 'unknown') this.#suspects = [...this.#suspects, draft];",
        to: '',
      },
    ],
    test: { path: cut, title: 'its answer is lost' },
  },
  {
    name: 'who was exposed is never told "no effect"',
    replacements: [
      {
        path: engine,
        from: 'for (const ticket of tickets) ticket.isExposed = true;',
        to: '',
      },
    ],
    test: { path: 'tests/faults/hang.test.ts', title: 'hangs with an unknown fate' },
  },
  {
    name: 'a database that went back is noticed',
    replacements: [
      {
        path: lane,
        from: 'if (last === undefined) return false;',
        to: 'if (last !== head) return false;',
      },
    ],
    test: { path: 'tests/faults/history-rewound.test.ts' },
  },
  {
    name: 'the database itself refuses an overdraft',
    replacements: [
      {
        // Where it was last put anew, when accounts that were rebuilt were let through.
        path: 'packages/server/src/store/migrations/0007-consortium.sql',
        from: 'coalesce(credit_limit, 9007199254740991) >= 0',
        to: 'coalesce(credit_limit, 9007199254740991) >= -9007199254740991',
      },
    ],
    test: { path: 'tests/faults/ledger-checks.test.ts' },
  },
  {
    name: 'each block holds the hash of the one before',
    replacements: [
      {
        path: 'packages/server/src/engine/block-draft.ts',
        from: 'const previous = head.hash;',
        to: "const previous = '0'.repeat(64);",
      },
    ],
    test: { path: 'tests/tamper/while-writing.test.ts' },
  },
  {
    name: 'the hash covers the bytes of its block',
    replacements: [
      {
        path: 'packages/server/src/engine/block-draft.ts',
        from: "return hash('sha256', body, 'hex');",
        to: "return hash('sha256', body.subarray(0, 64), 'hex');",
      },
    ],
    test: { path: 'tests/tamper/while-writing.test.ts' },
  },
  ...depthGuards,
  {
    name: 'a backup that was cut or changed is refused',
    replacements: [
      {
        path: 'packages/server/src/store/backup/open-backup.ts',
        from: "if (tail.toString('latin1') !== trailerLine(hash.digest('hex'))) {",
        to: "if (trailerLine(hash.digest('hex')) === '') {",
      },
    ],
    test: { path: 'packages/server/src/store/backup/open-backup.test.ts' },
  },
  {
    name: 'no server serves from a place where a restore is not complete',
    replacements: [
      {
        path: 'packages/server/src/store/backup/unfinished-restore.ts',
        from: 'if (!(await isRestoreUnfinished(client))) return;',
        to: 'if (client !== undefined) return;',
      },
    ],
    test: { path: 'tests/crash/restoring.test.ts', title: 'restore-marked' },
  },
  {
    name: 'a restored bank is compared with its journal',
    replacements: [
      {
        path: 'packages/server/src/cli/backup/run-restore.ts',
        from: 'if (report.clean) return report;',
        to: 'if (report !== undefined) return report;',
      },
    ],
    test: { path: 'tests/backup/refused-files.test.ts', title: 'agree with its journal' },
  },
  ...consortiumGuards,
];
