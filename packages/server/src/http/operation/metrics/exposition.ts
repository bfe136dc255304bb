/** One histogram of a family, as it is scraped. */
export interface HistogramSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** How many values are at or below each bound of the family. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
}

export interface HistogramFamily {
  readonly name: string;
  readonly help: string;
  readonly bounds: readonly number[];
  readonly series: readonly HistogramSeries[];
}

/**
 * A family of histograms in Prometheus' text format 0.0.4. prom-client makes all other metrics, but its
 * histograms count value by value, and ours are counted before it sees them.
 */
export function exposeHistograms({ name, help, bounds, series }: HistogramFamily): string {
  const lines = series.flatMap(({ labels, counts, count, sum }) => [
    ...bounds.map((bound, place) =>
      lineOf(`${name}_bucket`, { ...labels, le: String(bound) }, counts[place] ?? 0),
    ),
    lineOf(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    lineOf(`${name}_sum`, labels, sum),
    lineOf(`${name}_count`, labels, count),
  ]);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...lines, ''].join('\n');
}

function lineOf(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
