/** `8 412`: a whole number in groups of three. */
export function rateText(rate: number): string {
  return Math.round(rate)
    .toString()
    .replaceAll(/\B(?=(?:\d{3})+$)/g, ' ');
}

/** Milliseconds in as many digits as tell them apart: `0.84`, `12.3`, `340`. */
export function msText(milliseconds: number): string {
  if (milliseconds < 10) return milliseconds.toFixed(2);
  return milliseconds.toFixed(milliseconds < 100 ? 1 : 0);
}

/** `0.47`, `5.6`, `41`. */
export function ratioText(ratio: number): string {
  if (ratio < 10) return ratio.toFixed(2);
  return ratio.toFixed(ratio < 100 ? 1 : 0);
}

/** Share of one core: `0.93`; `–` where it is not known. */
export function useText(use: number | null): string {
  return use === null ? '–' : use.toFixed(2);
}
