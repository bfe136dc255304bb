import type { consortium } from '@lastro/core';
import { decisionKey } from '../register/register-key.ts';
import type { Register } from '../register/register.ts';
import { decodeDecision, encodeDecision } from './decision-text.ts';

// A register that went back has forgotten decisions that banks have carried out. Before anybody
// decides in it again, every bank writes there what it knows. Under `closed/<incident>` says a bank
// that it has closed the register; under `published/<incident>/<bank>` each says that it has written
// all that it knew since.

export interface Decided {
  readonly id: string;
  readonly decision: consortium.CrossBankDecision;
}

export interface RepublishingParts {
  readonly bank: string;
  /** Every bank that must have published: the peers. */
  readonly peers: () => readonly string[];
  /** Everything that was decided here, page by page. */
  readonly decided: () => AsyncIterable<readonly Decided[]>;
  readonly onAlarm: (message: string) => void;
}

const CLOSED = 'closed/';
const INCIDENTS_MAX = 100;

export class Republishing {
  readonly #parts: RepublishingParts;
  /** Found published in already, so that it needs no second look. */
  readonly #joined = new Set<string>();

  constructor(parts: RepublishingParts) {
    this.#parts = parts;
  }

  /** The register has lost what this bank wrote there. */
  forget(): void {
    this.#joined.clear();
  }

  /** Publishes where another bank has closed the register. */
  async join(register: Register): Promise<void> {
    const answer = await register.list(CLOSED, { limit: INCIDENTS_MAX });
    if (answer.kind !== 'answered') return;
    const incidents = answer.result.entries.map(({ key }) => key.slice(CLOSED.length));
    const open = incidents.filter((incident) => !this.#joined.has(incident));
    if (open.length > 0) await this.#publishFor(register, open);
  }

  /** Says that this bank has closed it, publishes, and whether all others have published since. */
  async announce(register: Register, incident: string): Promise<boolean> {
    const { bank, peers } = this.#parts;
    const closed = await register.create(`${CLOSED}${incident}`, bank);
    if (closed.kind !== 'answered') return false;
    await this.join(register);
    if (!this.#joined.has(incident)) return false;
    for (const peer of peers()) {
      const mark = await register.read(markOf(incident, peer));
      if (mark.kind !== 'answered' || mark.result === null) return false;
    }
    return true;
  }

  /** Takes the sign away; should that fail, others publish once more than they need to. */
  async conclude(register: Register, incident: string): Promise<void> {
    const answer = await register.read(`${CLOSED}${incident}`);
    if (answer.kind !== 'answered' || answer.result === null) return;
    await register.replace(answer.result.key, answer.result.revision, null);
  }

  async #publishFor(register: Register, incidents: readonly string[]): Promise<void> {
    const missing: string[] = [];
    for (const incident of incidents) {
      const mark = await register.read(markOf(incident, this.#parts.bank));
      if (mark.kind !== 'answered') return;
      if (mark.result === null) missing.push(incident);
      else this.#joined.add(incident);
    }
    if (missing.length === 0 || !(await this.#publish(register))) return;
    for (const incident of missing) {
      const mark = await register.create(markOf(incident, this.#parts.bank), this.#parts.bank);
      if (mark.kind === 'answered') this.#joined.add(incident);
    }
  }

  /** Whether everything that was decided here stands there now, or never will again. */
  async #publish(register: Register): Promise<boolean> {
    for await (const page of this.#parts.decided()) {
      const written = await Promise.all(page.map((decided) => this.#create(register, decided)));
      if (written.includes(false)) return false;
    }
    return true;
  }

  async #create(register: Register, { id, decision }: Decided): Promise<boolean> {
    const slash = id.indexOf('/');
    const key = decisionKey(id.slice(0, slash), id.slice(slash + 1));
    const answer = await register.create(key, encodeDecision(decision));
    if (answer.kind !== 'answered') return false;
    if (answer.result.kind !== 'stands') return true;
    const standing = decodeDecision(answer.result.entry.value);
    if (standing.is !== decision.is) {
      this.#parts.onAlarm(`${id}: ${decision.is} was carried out, ${standing.is} stands`);
    }
    return true;
  }
}

function markOf(incident: string, bank: string): string {
  return `published/${incident}/${bank}`;
}
