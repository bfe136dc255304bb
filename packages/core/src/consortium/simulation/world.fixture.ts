import { participantsOf } from '../cross-bank-transaction.ts';
import type { CrossBankDecision } from '../cross-bank-decision.ts';
import type { OutwardEffect } from '../effect.ts';
import { peerAccount } from '../local-transfers.ts';
import type { Message } from '../message.ts';
import type { ProtocolSettings } from '../protocol-settings.ts';
import type { RegisterPlace } from '../register-pin.ts';
import { Agenda } from './agenda.fixture.ts';
import { NO_FAULTS, type FaultPlan } from './fault-plan.fixture.ts';
import { Network } from './network.fixture.ts';
import type { Random } from './random.fixture.ts';
import { Referee } from './referee.fixture.ts';
import { SimulatedBank } from './simulated-bank.fixture.ts';
import { SmallLedger } from './small-ledger.fixture.ts';
import { SmallRegister, type RegisterAnswer } from './small-register.fixture.ts';
import { ASSET, hashOf, PEOPLE, signatureOf } from './workload.fixture.ts';

const SETTINGS: ProtocolSettings = {
  decideByAheadMaxMs: 30_000,
  graceMs: 2_000,
  askMs: 400,
  resendMs: 300,
  resendMaxMs: 20_000,
  heldRetryMs: 800,
  removalAfterMs: 20 * 60_000,
};

const PATIENT: ProtocolSettings = { ...SETTINGS, decideByAheadMaxMs: 24 * 3_600_000 };

/** Where a process may end within one step: before its block stands, or when a part has left. */
export type CrashPoint = 'before' | 0 | 0.5 | 1;
export const CRASH_POINTS: readonly CrashPoint[] = ['before', 0, 0.5, 1];

/** Banks, wires, register and clock of one run. */
export class World {
  readonly agenda = new Agenda(1_700_000_000_000);
  readonly register = new SmallRegister('g1', new Map());
  readonly referee = new Referee();
  readonly random: Random;
  readonly banks: readonly SimulatedBank[];
  readonly settings = SETTINGS;
  readonly network: Network;
  faults: FaultPlan;
  /** Whether a bank that is gone comes back after weeks. */
  readonly isComingBack: boolean;
  /** Of the register's next answer to a bank, which says what stood when it left. */
  readonly answerDelaysMs = new Map<string, number>();
  /** Of all banks, counted. */
  steps = 0;
  /** For crashes at a certain step instead of by lot. */
  crashAt: { readonly step: number; readonly point: CrashPoint } | undefined;

  constructor(random: Random, names: readonly string[], faults: FaultPlan) {
    this.random = random;
    this.faults = faults;
    this.isComingBack = faults.gone === 'for weeks';
    this.network = new Network(this.agenda, random, () => this.faults);
    const stray = faults.strayMember ? random.pick(names) : undefined;
    const patient = faults.patientBank ? random.pick(names) : undefined;
    this.banks = names.map((name) => {
      const traits = {
        register: name === stray ? new SmallRegister('h1', this.register.history) : this.register,
        clockSkewMs: name === patient ? 0 : random.between(-faults.clockSkewMs, faults.clockSkewMs),
        settings: name === patient ? PATIENT : SETTINGS,
      };
      return new SimulatedBank(this, name, this.#ledgerOf(name, names), traits);
    });
  }

  #ledgerOf(name: string, names: readonly string[]): SmallLedger {
    const { fundsScarce } = this.faults;
    const ledger = new SmallLedger();
    for (const person of PEOPLE) {
      const funds = BigInt(this.random.between(0, fundsScarce ? 80 : 1_000));
      ledger.open(person, funds, 0n, fundsScarce ? 120n : 100_000n);
    }
    for (const peer of names) {
      const exposure = BigInt(this.random.between(fundsScarce ? 20 : 400, 1_000));
      if (peer !== name) ledger.open(peerAccount(peer, ASSET), 0n, exposure, 1_000_000n);
    }
    return ledger;
  }

  bank(id: string): SimulatedBank {
    const bank = this.banks.find((one) => one.id === id);
    if (bank === undefined) throw new Error(`no bank ${id}`);
    return bank;
  }

  crashNow(_bank: SimulatedBank): CrashPoint | undefined {
    this.steps += 1;
    if (this.crashAt?.step === this.steps) return this.crashAt.point;
    return this.random.chance(this.faults.crash) ? this.random.pick(CRASH_POINTS) : undefined;
  }

  downtime(): number {
    return this.random.chance(0.2)
      ? this.random.between(5_000, 40_000)
      : this.random.between(20, 2_000);
  }

  /** A coordinator with every yes in its hand may fall asleep just here. */
  beforeLeaving(bank: SimulatedBank, outward: readonly OutwardEffect[]): void {
    const decides = outward.some(
      (effect) => effect.type === 'register.create' && effect.decision.is === 'commit',
    );
    if (decides && this.random.chance(this.faults.pauseBeforeCommit)) {
      bank.pause(this.random.between(1_000, 60_000));
    }
  }

  carry(from: string, to: string, id: string, message: Message): void {
    this.network.send(from, to, () => this.bank(to).receive(from, id, message));
    if (this.random.chance(this.faults.rogue)) this.#carryNonsense(from, to, id, message);
  }

  /** What a faulty bank might say besides. It can't sign for others. */
  #carryNonsense(from: string, to: string, id: string, message: Message): void {
    if (message.type === 'apply' && message.decision.is === 'commit') {
      // A commit that is complete, of another transaction.
      const ids = [...this.bank(to).states.keys()];
      if (ids.length === 0) return;
      const other = this.random.pick(ids);
      this.network.send(from, to, () => this.bank(to).receive(from, other, message));
      return;
    }
    if (message.type !== 'prepare') return;
    const { body, hash } = message;
    if (this.random.chance(0.5)) {
      const legs = body.legs.map((leg) => ({ ...leg, amount: leg.amount + 1n }));
      const other = { ...body, legs };
      this.network.send(from, to, () => {
        const nonsense: Message = { type: 'prepare', body: other, hash: hashOf(other) };
        this.bank(to).receive(from, id, nonsense);
      });
      return;
    }
    const yes = participantsOf(body).map((bank) => ({
      bank,
      signature: bank === from ? signatureOf(bank, hash) : `${from} forges ${bank}`,
    }));
    const decision = { is: 'commit', hash, yes, body } as const;
    this.network.send(from, to, () => {
      this.bank(to).receive(from, id, { type: 'apply', decision });
    });
  }

  callRegister(
    from: string,
    ask: () => RegisterAnswer,
    hear: (answer: RegisterAnswer, place: RegisterPlace) => void,
    boot: number,
  ): void {
    const isSlow = this.random.chance(this.faults.registerSlow);
    this.network.send(from, 'register', () => {
      const run = (): void => {
        const bank = this.bank(from);
        if (bank.register.isAway) return;
        const answer = ask();
        const { generation, revision } = bank.register;
        const delayMs = this.answerDelaysMs.get(from) ?? 0;
        this.answerDelaysMs.delete(from);
        this.agenda.after(delayMs, () => {
          this.network.send('register', from, () => {
            if (bank.boot === boot) hear(answer, { generation, revision });
          });
        });
      };
      // Stuck somewhere for so long that the answer comes after the removal of what it asks for.
      const slowMs = this.random.chance(0.1) ? 3_600_000 : this.random.between(500, 30_000);
      this.agenda.after(isSlow ? slowMs : 1, run);
    });
  }

  /** A member publishes its decisions in a register that went back; all have: it may be used again. */
  publish(
    from: string,
    decisions: readonly { readonly id: string; readonly decision: CrossBankDecision }[],
    reopen: (place: RegisterPlace) => void,
  ): void {
    this.network.send(from, 'register', () => {
      if (this.register.isAway) return;
      const { generation } = this.register;
      for (const { id, decision } of decisions) {
        this.register.create(generation, id, decision);
      }
      this.register.published.add(from);
      if (this.register.published.size < this.banks.length) return;
      const { revision } = this.register;
      this.network.send('register', from, () => reopen({ generation, revision }));
    });
  }

  askForReports(restored: SimulatedBank, peer: string): void {
    const { boot } = restored;
    this.network.send(restored.id, peer, () => {
      if (!this.bank(peer).isUp) return;
      const reports = this.bank(peer).reportsFor(restored.id);
      this.network.send(peer, restored.id, () => {
        if (restored.boot === boot) restored.hearReports(peer, reports);
      });
    });
  }

  heal(): void {
    this.faults = NO_FAULTS;
    this.network.cuts.clear();
    this.register.isAway = false;
    this.register.beforeCommit = undefined;
  }
}
