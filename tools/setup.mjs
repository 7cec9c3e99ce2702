// Makes a bare checkout runnable: packages, build, the programs it starts. Safe to run as often as you like, also twice at once.
// Plain Node without dependencies, as nothing is installed yet. `--quiet` speaks only when there is something to do.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOfFiles } from './setup/digest.mjs';
import { ensurePrograms } from './setup/install.mjs';
import { withLock } from './setup/lock.mjs';
import { run, SetupError } from './setup/run.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const MIN_NODE = [20, 19];
/** Names of npm scripts. */
const NEEDS = {
  pretest: ['redis', 'postgres', 'promtool', 'chromium', 'openssl'],
  chaos: ['redis', 'postgres', 'faketime'],
  model: ['spin', 'gcc'],
};
const STAMP = join(ROOT, 'node_modules', '.stile-setup');

/** Where the steps report: `act` before something is really done, `note` when there is nothing to do. */
const reporter = (quiet) => {
  const act = (text) => console.log(`setup: ${text}`);
  return { act, note: quiet ? () => undefined : act };
};

/** Does what is missing. Ends the process with status 1 and a line that says what to do when it cannot. */
export async function setUp({ quiet = false } = {}) {
  const report = reporter(quiet);
  try {
    checkNode(report);
    await withLock(join(ROOT, '.stile', 'setup.lock'), report.act, async () => {
      await installPackages(report);
      await build(report);
      await buildPage(report);
      const { npm_lifecycle_event: script, STILE_REDIS_URL: given } = process.env;
      // Tests start servers of their own, whatever STILE_REDIS_URL says.
      if (script in NEEDS) await ensurePrograms(NEEDS[script], report);
      else if (given) report.note('Redis: the one of STILE_REDIS_URL');
      else await ensurePrograms(['redis'], report);
    });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`setup: ${error.message}`);
    process.exit(1);
  }
}

function checkNode({ note }) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1])) {
    const wanted = MIN_NODE.join('.');
    throw new SetupError(
      `Node ${process.versions.node} is too old, Stile needs ${wanted} or newer. Install it (https://nodejs.org, or ` +
        '`nvm install 20`) and run this again',
    );
  }
  note(`Node ${process.versions.node}`);
}

/** The stamp lies in node_modules, so that it goes with it. */
async function installPackages({ act, note }) {
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
    .digest('hex');
  const present = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : undefined;
  if (present === wanted) return note('packages are up to date');
  act(present === undefined ? 'installing packages (npm ci)' : 'package-lock.json has changed: installing packages (npm ci)');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--include=dev'], { cwd: ROOT });
  writeFileSync(STAMP, wanted);
}

/** The compiler itself knows what is out of date. */
async function build({ act, note }) {
  const tsc = [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'];
  const plan = await run(process.execPath, [...tsc, '--dry'], { cwd: ROOT, capture: true });
  const stale = plan.match(/would (build|update timestamps)/g)?.length ?? 0;
  if (stale === 0) return note('the build is up to date');
  act(`building (tsc -b, ${stale} of the projects)`);
  await run(process.execPath, tsc, { cwd: ROOT });
}

/** The stamp lies beside what was built, so that it goes with it. */
async function buildPage({ act, note }) {
  const folder = join(ROOT, 'apps', 'dashboard');
  const stamp = join(folder, 'dist', '.built-from');
  const wanted = digestOfFiles(folder, { except: ['dist', 'node_modules'] });
  const present = existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
  if (present === wanted) return note('the page is up to date');
  act('building the page (vite)');
  await run(process.execPath, [join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn', folder], {
    cwd: ROOT,
  });
  writeFileSync(stamp, wanted);
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url))
  await setUp({ quiet: process.argv.includes('--quiet') });
