/** `npm run bench`: how fast a bank is, as ratios to baselines within one run. See README.md. */
import { mkdir, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { runBench } from './run-bench.ts';
import { readOptions, USAGE, type BenchOptions } from './options.ts';
import { jsonReport } from './report/json-report.ts';
import { latencySvg } from './report/latency-svg.ts';
import { textReport } from './report/text-report.ts';
import { createProgress } from './measure/progress.ts';
import { isLane } from './lanes.ts';
import { Cleanups } from './site/cleanups.ts';

function readOptionsOrExplain(): BenchOptions | 'help' | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return undefined;
  }
}

/** Leaves nothing running and nothing lying about, then ends as the signal wants it. */
function cleanUpOnSignals(cleanups: Cleanups): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      console.error(`\nbench: ${signal}, cleaning up`);
      cleanups
        .run()
        .finally(() => process.exit(128 + constants.signals[signal]))
        .catch(() => undefined);
    });
  }
}

async function writeReport(file: string, content: string): Promise<string> {
  const path = resolve(file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** The exit code: 1 when counts differ or the books are wrong; a missed bar is no failure. */
async function bench(options: BenchOptions): Promise<number> {
  const cleanups = new Cleanups();
  cleanUpOnSignals(cleanups);
  const progress = createProgress();
  try {
    const { machine, summary, growth, complaints } = await runBench(options, cleanups, progress);
    progress.say(textReport(machine, summary, growth));
    const lanes = summary.courses.filter(({ course }) => isLane(course.name));
    const curves = lanes.map(({ course, latencies }) => ({ name: course.name, latencies }));
    const subtitle = `${machine.processor}, ${machine.cores} cores; bulk and hot: one batch of 500; paced: from the intended time`;
    const svgFile = options.svgFile ?? join(import.meta.dirname, 'out', 'latency.svg');
    const picture = await writeReport(svgFile, latencySvg(curves, subtitle));
    progress.say(`\nlatency distribution: ${picture}`);
    if (options.jsonFile !== null) {
      const json = jsonReport(machine, summary, growth, complaints);
      const path = await writeReport(options.jsonFile, `${JSON.stringify(json, null, 2)}\n`);
      progress.say(`figures: ${path}`);
    }
    for (const complaint of complaints) progress.say(`WRONG  ${complaint}`);
    progress.say(complaints.length === 0 ? 'books: ok' : 'books: WRONG');
    return complaints.length === 0 ? 0 : 1;
  } catch (error) {
    // Interrupted: the signal has been told of, and ends the process.
    if (cleanups.isRunning) return 1;
    console.error(
      `\nbench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return 1;
  } finally {
    await cleanups.run();
  }
}

const options = readOptionsOrExplain();
if (options === 'help') console.log(USAGE);
else process.exitCode = options === undefined ? 2 : await bench(options);
