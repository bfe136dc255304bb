import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';

/** How a tool is run: whether its output is shown as it comes or kept, and how long it may take. */
export interface ToolOptions {
  readonly live: boolean;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ToolResult {
  readonly succeeded: boolean;
  /** Standard output and error as they came; empty when they were shown live. */
  readonly output: string;
  readonly seconds: number;
}

/**
 * Runs a program of `node_modules/.bin` below `root`, on the same Node that runs this. Never
 * rejects: a program that can't be started, dies or takes too long has not succeeded.
 */
export function runTool(
  root: string,
  tool: string,
  toolArguments: readonly string[],
  options: ToolOptions,
): Promise<ToolResult> {
  const startedAt = performance.now();
  // Into a file or a log go plain lines, also in CI, where some tools would colour them.
  const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1' };
  const binaries = join(root, 'node_modules', '.bin');
  const path = [dirname(process.execPath), binaries, process.env['PATH'] ?? ''].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn(join(binaries, tool), toolArguments, {
      cwd: root,
      env: { ...process.env, ...plain, ...options.environment, PATH: path },
      stdio: options.live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
    });
    const stop = (): void => {
      child.kill('SIGTERM');
    };
    process.once('SIGTERM', stop);
    const chunks: Buffer[] = [];
    const keep = (chunk: Buffer): void => {
      chunks.push(chunk);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const end = (succeeded: boolean, remark: string): void => {
      process.removeListener('SIGTERM', stop);
      const output = Buffer.concat(chunks).toString('utf8') + remark;
      resolve({ succeeded, output, seconds: (performance.now() - startedAt) / 1000 });
    };
    child.once('error', (error) => {
      end(false, `${tool} could not be started: ${error.message}\n`);
    });
    child.once('close', (code, signal) => {
      end(code === 0, signal === null ? '' : `${tool} was ended by ${signal}\n`);
    });
  });
}
