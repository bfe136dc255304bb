import type { LatencyHistogram } from '../statistics/histogram.ts';
import { msText } from './figures.ts';

export interface Curve {
  readonly name: string;
  readonly latencies: LatencyHistogram;
}

const WIDTH = 960;
const HEIGHT = 540;
const PLOT = { left: 76, top: 64, right: 190, bottom: 64 } as const;
const PLOT_WIDTH = WIDTH - PLOT.left - PLOT.right;
const PLOT_HEIGHT = HEIGHT - PLOT.top - PLOT.bottom;

/** Nines to the right: every tick leaves a tenth of what lies beyond the one before. */
const PERCENTILES = [0, 0.5, 0.9, 0.99, 0.999, 0.9999] as const;
const NINES_MAX = 4;

/** Told apart without red against green (Okabe and Ito), and by dashes as well. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#444444'];
const DASHES = ['', '8 3', '3 3', '10 3 3 3', '1 3', '14 4'];
const STYLE =
  'text{font:13px system-ui,sans-serif;fill:#222}.title{font-size:18px;font-weight:600}' +
  '.note{fill:#666;font-size:12px}.grid{stroke:#ddd}.curve{fill:none;stroke-width:2.2}';

/** The distribution of latencies, one curve for each: percentiles by their nines, milliseconds by powers of ten. Self-contained. */
export function latencySvg(curves: readonly Curve[], subtitle: string): string {
  const drawn = curves.filter(({ latencies }) => latencies.total > 0);
  const [low, high] = decades(drawn);
  const y = (ms: number) => {
    const share = (Math.log10(Math.max(ms, low)) - Math.log10(low)) / Math.log10(high / low);
    return PLOT.top + PLOT_HEIGHT * (1 - Math.min(1, share));
  };
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>Latency by percentile</title><style>${STYLE}</style>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(PLOT.left, 28, 'Latency by percentile', 'class="title"'),
    text(PLOT.left, 48, subtitle, 'class="note"'),
    ...grid(low, high, y),
    ...drawn.map((curve, index) => drawCurve(curve, index, y)),
    ...labels(drawn, y),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

/** Powers of ten around what is drawn, in milliseconds. */
function decades(curves: readonly Curve[]): readonly [number, number] {
  const lows = curves.map(({ latencies }) => latencies.percentile(0.01));
  const highs = curves.map(({ latencies }) => latencies.percentile(0.9999));
  const low = 10 ** Math.floor(Math.log10(Math.min(...lows, 1)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...highs, 10)));
  return [low, high];
}

function x(fraction: number): number {
  const nines = Math.min(NINES_MAX, -Math.log10(1 - Math.min(fraction, 1 - 1e-9)));
  return PLOT.left + (PLOT_WIDTH * nines) / NINES_MAX;
}

function grid(low: number, high: number, y: (ms: number) => number): string[] {
  const bottom = PLOT.top + PLOT_HEIGHT;
  const right = PLOT.left + PLOT_WIDTH;
  const rows = [];
  for (let ms = low; ms <= high * 1.001; ms *= 10) {
    const at = y(ms).toFixed(1);
    rows.push(`<path class="grid" d="M${PLOT.left} ${at}H${right}"/>`);
    rows.push(
      text(PLOT.left - 8, y(ms) + 4, `${Number(ms.toPrecision(1))} ms`, 'text-anchor="end"'),
    );
  }
  const columns = PERCENTILES.flatMap((fraction) => {
    const at = x(fraction);
    const name = fraction === 0 ? '0' : `${Number((fraction * 100).toPrecision(6))} %`;
    return [
      `<path class="grid" d="M${at.toFixed(1)} ${PLOT.top}V${bottom}"/>`,
      text(at, bottom + 20, name, 'text-anchor="middle"'),
    ];
  });
  const caption = 'share of requests that were answered at least as fast';
  const middle = PLOT.left + PLOT_WIDTH / 2;
  return [
    ...rows,
    ...columns,
    text(middle, bottom + 44, caption, 'class="note" text-anchor="middle"'),
  ];
}

function drawCurve({ latencies }: Curve, index: number, y: (ms: number) => number): string {
  // No percentile beyond the last request: so few say nothing about one in ten thousand.
  const ninesMax = Math.min(NINES_MAX, Math.log10(latencies.total));
  const steps = Math.max(2, Math.round(ninesMax * 60));
  const points = Array.from({ length: steps + 1 }, (_, step) => {
    const fraction = 1 - 10 ** (-(ninesMax * step) / steps);
    return `${x(fraction).toFixed(1)} ${y(latencies.percentile(fraction)).toFixed(1)}`;
  });
  const dash = DASHES[index % DASHES.length];
  return `<path class="curve" stroke="${colour(index)}" stroke-dasharray="${dash}" d="M${points.join('L')}"/>`;
}

/** Names at the right, where the curves end, pushed apart so that none covers another. */
function labels(curves: readonly Curve[], y: (ms: number) => number): string[] {
  const ends = curves.map(({ name, latencies }, index) => {
    const p99 = latencies.percentile(0.99);
    return { index, at: y(latencies.percentile(0.9999)), words: `${name} · p99 ${msText(p99)} ms` };
  });
  ends.sort((upper, lower) => upper.at - lower.at);
  let free = PLOT.top;
  return ends.map(({ index, at, words }) => {
    const place = Math.max(at, free);
    free = place + 18;
    const left = PLOT.left + PLOT_WIDTH + 10;
    return text(left, place + 4, words, `style="fill:${colour(index)};font-weight:600"`);
  });
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? '#000';
}

function text(left: number, top: number, words: string, attributes: string): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${left.toFixed(1)}" y="${top.toFixed(1)}" ${attributes}>${escaped}</text>`;
}
