/** The older HTTP surfaces that a bank can answer, in the order in which they are started. */
export const CLASSIC_SURFACES = ['pedidos', 'dados', 'negocio', 'contas'] as const;
export type ClassicSurface = (typeof CLASSIC_SURFACES)[number];

export interface ClassicOption {
  readonly surface: ClassicSurface;
  readonly port: number;
  /** Loopback unless given: the originals carry tokens and passwords in clear text. */
  readonly host?: string;
  /** Without it a taken port leaves the surface off; with it the bank does not start. */
  readonly mustListen?: boolean;
}
