// Preloaded by the npm scripts (`node --import`), so that an older Node says what is missing
// instead of stumbling over TypeScript. Plain JavaScript that Node 18 can read.
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Lastro's scripts need Node 22.18 or newer and this is ${process.versions.node}: ` +
      'run them through npm after `npm ci` (on Linux it brings its own Node 24), or install Node 24.',
  );
  process.exit(1);
}
