/** What a server process is told before it starts. It comes over IPC: a URL holds a password. */
export interface ServerConfig {
  readonly databaseUrl: string;
  /** The database in which API keys are looked up; the same one for a bank. */
  readonly keysUrl: string;
  /** Key of the principal `bench`, valid while the process runs. */
  readonly adminKey: string;
  /** Of a bank: its consortium; null: it has none. */
  readonly membership: Membership | null;
}

export interface Membership {
  /** The bank's own name. */
  readonly bank: string;
  readonly registerUrl: string;
  /** Where the key is kept that it signs with. */
  readonly keyFile: string;
}

export type ServerCommand =
  | { readonly kind: 'start'; readonly config: ServerConfig }
  | { readonly kind: 'stop' };

export type ServerReport =
  /** Port on 127.0.0.1 of each application by name; most processes have one, `main`. */
  | { readonly kind: 'listening'; readonly ports: Readonly<Record<string, number>> }
  | { readonly kind: 'failed'; readonly message: string };

export function isServerCommand(message: unknown): message is ServerCommand {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  return message.kind === 'start' || message.kind === 'stop';
}

export function isServerReport(message: unknown): message is ServerReport {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  return message.kind === 'listening' || message.kind === 'failed';
}
