import type {
  CallOptions,
  Creation,
  Entry,
  Register,
  RegisterAnswer,
  RegisterValue,
  Replacement,
} from '../register/register.ts';

/**
 * The register for what says nothing about money: who is a member. One that went back or was exchanged
 * is taken as it is now, for a member only writes itself there again. Decisions are never read here.
 */
export class RenewedRegister implements Pick<Register, 'read' | 'create' | 'replace' | 'close'> {
  readonly #open: () => Register;
  readonly #closing = new Set<Promise<void>>();
  #register: Register;

  /** @param open opens the register without a pin */
  constructor(open: () => Register) {
    this.#open = open;
    this.#register = open();
  }

  read(key: string, options?: CallOptions): Promise<RegisterAnswer<Entry | null>> {
    return this.#ask((register) => register.read(key, options));
  }

  create(
    key: string,
    value: RegisterValue,
    options?: CallOptions,
  ): Promise<RegisterAnswer<Creation>> {
    return this.#ask((register) => register.create(key, value, options));
  }

  replace(
    key: string,
    revision: bigint,
    value: RegisterValue | null,
    options?: CallOptions,
  ): Promise<RegisterAnswer<Replacement>> {
    return this.#ask((register) => register.replace(key, revision, value, options));
  }

  async close(): Promise<void> {
    await this.#register.close();
    await Promise.all(this.#closing);
  }

  async #ask<Result>(
    ask: (register: Register) => Promise<RegisterAnswer<Result>>,
  ): Promise<RegisterAnswer<Result>> {
    const register = this.#register;
    const answer = await ask(register);
    const hasChanged = answer.kind === 'register_went_back' || answer.kind === 'register_replaced';
    if (hasChanged && register === this.#register) this.#renew(register);
    return answer;
  }

  /** The next call asks the register as it is now. */
  #renew(before: Register): void {
    this.#register = this.#open();
    const closing = before.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
