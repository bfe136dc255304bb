import type { Replacement } from '../../scripts/guards/guard.ts';

const folder = 'packages/core/src/consortium';
const promise = `${folder}/promise.ts`;
const gather = `${folder}/gather.ts`;
const obey = `${folder}/obey.ts`;
const wake = `${folder}/wake.ts`;
const step = `${folder}/step.ts`;
const deliver = `${folder}/deliver.ts`;
const reconciliation = `${folder}/reconciliation.ts`;

/** A rule of the protocol, and the text that stands there without it. */
export interface Rule {
  readonly name: string;
  readonly without: readonly Replacement[];
}

function rule(name: string, path: string, from: string, to: string): Rule {
  return { name, without: [{ path, from, to }] };
}

/** Section 6 of the design, in its order. */
export const RULES: readonly Rule[] = [
  rule(
    'nothing is begun while the register is away',
    promise,
    "here.register.is === 'away'\n      ? ({ code: 'register_away' } as const)",
    "here.register.is === 'closed'\n      ? ({ code: 'register_away' } as const)",
  ),
  rule(
    'another hash is never counted as a yes',
    gather,
    'if (message.hash !== durable.hash) {',
    "if (message.hash === '') {",
  ),
  rule(
    'decideBy has a cap',
    promise,
    'if (body.decideBy > now + here.settings.decideByAheadMaxMs)',
    'if (body.decideBy < 0)',
  ),
  rule(
    'another generation of the register gets a no',
    promise,
    'if (body.generation !== here.register.generation)',
    "if (body.generation === '')",
  ),
  rule(
    'who has not reconciled promises nothing',
    promise,
    'if (here.reconciling)',
    'if (here.bank === null)',
  ),
  rule(
    'a yes is a promise that only the decision ends',
    wake,
    'if (state.memory.asked) return intend(here, remember(state, { asked: false }).state, ABORT, now);',
    "if (state.memory.asked) return { state: { ...state, durable: { is: 'absent' } }, effects: [{ type: 'release' }] };",
  ),
  rule(
    'all must have said yes',
    gather,
    'if (yes.length < othersOf(body, here.bank).length)',
    'if (yes.length === 0)',
  ),
  {
    name: 'what stands in the register is the decision, not what was to be written',
    without: [
      {
        path: gather,
        from: "import { othersOf } from './cross-bank-transaction.ts';",
        to: "import { othersOf } from './cross-bank-transaction.ts';\nimport { obey } from './obey.ts';",
      },
      {
        path: gather,
        from: 'return remember(state, { intent: decision, attempts }, effects);',
        to: `const done = obey(here, remember(state, { attempts }).state, decision, null, now);
             return { state: done.state, effects: [...effects, ...done.effects] };`,
      },
    ],
  },
  rule(
    'reading nothing is no decision',
    step,
    "case 'register.empty':",
    "case 'register.empty':\n      return obey(here, state, { is: 'abort' }, null, event.now);",
  ),
  rule(
    'a register that is away has not decided',
    step,
    "case 'register.away':",
    "case 'register.away':\n      return obey(here, state, { is: 'abort' }, null, event.now);",
  ),
  rule(
    'an incomplete commit is not obeyed',
    obey,
    'if (!isComplete(commit, body))',
    'if (commit.yes.length === 0)',
  ),
  rule(
    'a commit of another body is not obeyed',
    obey,
    'if (hash !== commit.hash || body.id !== id)',
    'if (body.id !== id)',
  ),
  rule(
    'what was applied is not applied again',
    obey,
    "    case 'committed':\n      return remember(state, {});\n    case 'aborted':\n      return alarm(state, 'contradiction');\n    case 'absent':",
    "    case 'aborted':\n      return alarm(state, 'contradiction');\n    case 'committed':\n    case 'absent':",
  ),
  rule(
    'the coordinator goes on telling until all have acknowledged',
    deliver,
    'effects.push(wakeAgain(here.settings, now, memory.attempts));',
    '',
  ),
  rule(
    'a bank that forgot is rebuilt from what Apply carries',
    obey,
    'const known = subjectOf(state) ?? carriedBody;',
    'const known = subjectOf(state);',
  ),
  rule(
    'whoever waits past decideBy has the transaction decided',
    wake,
    'if (state.memory.asked) return intend(',
    'if (state.memory.attempts < 0) return intend(',
  ),
  rule(
    'the others are asked for the decision',
    wake,
    "message: { type: 'ask' } }));",
    "message: { type: 'ask' } })).slice(99);",
  ),
  rule(
    'held funds are tried again',
    gather,
    "const isSoft = reason.code === 'funds_held';",
    'const isSoft = false;',
  ),
  rule(
    'a decision before its prepare leaves a tombstone',
    obey,
    'return { state: aborted(state, null, now, true), effects: [] };',
    'return remember(state, {});',
  ),
  rule(
    'an id whose decision stands is not prepared',
    promise,
    "    case 'aborted':\n      return remember(state, {}, [\n",
    "    case 'aborted':\n      if (durable.subject === null) return hold(here, { ...state, durable: { is: 'absent' } }, wanted);\n      return remember(state, {}, [\n",
  ),
  rule(
    'a register that was seen going back is closed',
    `${folder}/register-pin.ts`,
    'return { ...pin, isClosed: true };',
    'return { ...pin, ...place };',
  ),
  rule(
    'an answer of the register that went back says nothing',
    step,
    "if (event.generation !== generation || is === 'closed')",
    "if (generation === '' && is === 'closed')",
  ),
  rule(
    'decisions are published again',
    reconciliation,
    "return { is: 'commit', hash: durable.hash, yes: durable.yes };",
    'return undefined;',
  ),
  rule(
    'only what all have applied is removed',
    `${folder}/removal-floor.ts`,
    '!isDecided || !isFinished(state) ||',
    '!isDecided || state === null ||',
  ),
  rule(
    'nothing is created below the floor',
    `${folder}/simulation/small-register.fixture.ts`,
    'if (floor !== undefined && id <= floor)',
    'if (floor === id)',
  ),
  rule(
    'a restored bank is told what was committed',
    reconciliation,
    'if (!participantsOf(body).includes(peer)) return undefined;',
    "if (!participantsOf(body).includes(peer) || durable.is === 'committed') return undefined;",
  ),
  rule(
    'a restored bank is told what it may have promised',
    reconciliation,
    'if (!participantsOf(body).includes(peer)) return undefined;',
    "if (!participantsOf(body).includes(peer) || durable.is !== 'committed') return undefined;",
  ),
];
