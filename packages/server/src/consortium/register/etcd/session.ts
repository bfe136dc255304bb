import type { RegisterLogin } from '../register-address.ts';
import { untilAborted } from '../until-aborted.ts';
import { isLoginLost, readAdmission, type Admission } from './answers.ts';
import type { Endpoints, Exchange } from './endpoints.ts';

/** As one try of a call; who waits for a login gives up by the own deadline. */
const LOGIN_TIMEOUT_MS = 2_000;
/** A token may have been forgotten: once more with a new one. */
const TRIES_MAX = 2;

type Unsent = Extract<Exchange, { readonly kind: 'unsent' }>;

/**
 * Speaks to the cluster as one of its users, where it has users. A login gives a token, which members
 * forget: some minutes after its last use, and when they start again.
 */
export class Session {
  readonly #endpoints: Endpoints;
  readonly #login: RegisterLogin | null;
  #admission: Admission | null = null;
  #admitting: Promise<Admission | Unsent> | undefined;

  constructor(endpoints: Endpoints, login: RegisterLogin | null) {
    this.#endpoints = endpoints;
    this.#login = login;
  }

  /** Never rejects: what goes wrong is a value. Where the login failed, nothing was sent. */
  async post(path: string, body: string, signal: AbortSignal): Promise<Exchange> {
    const login = this.#login;
    if (login === null) return this.#endpoints.post(path, body, signal);
    let lost: Admission | null = null;
    for (let tries = 1; ; tries += 1) {
      const admission: Admission | Unsent = await this.#admitted(login, lost, signal);
      if (admission.kind === 'unsent') return admission;
      const exchange = await this.#endpoints.post(path, body, signal, admission.token);
      if (tries === TRIES_MAX || !isLoginLost(exchange)) return exchange;
      lost = admission;
    }
  }

  close(): Promise<void> {
    return this.#endpoints.close();
  }

  /** @param lost what a member no longer takes; null where none was shown yet */
  async #admitted(
    login: RegisterLogin,
    lost: Admission | null,
    signal: AbortSignal,
  ): Promise<Admission | Unsent> {
    if (this.#admission !== null && this.#admission !== lost) return this.#admission;
    // Once for all who wait: a cluster checks passwords slowly, on purpose.
    this.#admitting ??= this.#admit(login);
    return untilAborted<Admission | Unsent>(this.#admitting, signal, {
      kind: 'unsent',
      reason: 'the login was not answered in time',
    });
  }

  async #admit({ user, password }: RegisterLogin): Promise<Admission | Unsent> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), LOGIN_TIMEOUT_MS);
    try {
      const body = JSON.stringify({ name: user, password });
      const exchange = await this.#endpoints.post('/v3/auth/authenticate', body, controller.signal);
      const admission = readAdmission(exchange);
      if (admission.kind === 'admitted') this.#admission = admission;
      return admission;
    } finally {
      clearTimeout(timer);
      this.#admitting = undefined;
    }
  }
}
