import { randomUUID } from 'node:crypto';
import { EtcdHome } from './etcd/etcd-home.ts';
import type { RegisterHome } from './home.ts';
import { HomedRegister } from './homed-register.ts';
import { REGISTER_LIMITS, type RegisterLimits } from './limits.ts';
import type { Position } from './position.ts';
import { PostgresHome } from './postgres/postgres-home.ts';
import type { RegisterAddress } from './register-address.ts';
import type { RegisterTls } from './register-tls.ts';
import type { Register } from './register.ts';

export interface RegisterOptions {
  readonly address: RegisterAddress;
  /** For an address of `etcds://`; without it, Node's own authorities and no certificate. */
  readonly tls?: RegisterTls | undefined;
  /**
   * The newest position that this bank has kept beside its ledger. Null only for a bank that never
   * used a register: then whatever is there is taken, and what is empty is given a generation.
   */
  readonly pin: Position | null;
  readonly limits?: Partial<RegisterLimits>;
  /** In [0, 1); for pauses between tries. */
  readonly random?: () => number;
  /** A new UUID, for generations and to know one's own work. */
  readonly newId?: () => string;
}

/** Opens the register without asking it anything: a bank starts while its register is away. */
export function openRegister(options: RegisterOptions): Register {
  return new HomedRegister({
    home: homeOf(options),
    pin: options.pin,
    limits: { ...REGISTER_LIMITS, ...options.limits },
    random: options.random ?? Math.random,
    newId: options.newId ?? randomUUID,
  });
}

function homeOf({ address, tls = {} }: RegisterOptions): RegisterHome {
  switch (address.home) {
    case 'postgres':
      return new PostgresHome(address.url);
    case 'etcd':
      return new EtcdHome(address, tls);
  }
}
