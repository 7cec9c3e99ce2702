import { run, SetupError, succeeds } from './run.mjs';

const has = (program) => succeeds('/bin/sh', ['-c', `command -v ${program}`]);
const hasServer = async () => (await has('redis-server')) || (await has('valkey-server'));

/** Debian starts a service that it installs, on port 6379, unless this file forbids it. One that exists already is left alone. */
const APT_INSTALL = `
set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > $policy
  chmod 755 $policy
fi
apt-get -q update || echo 'apt-get update failed; trying with the package lists that are here'
install() { apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$1"; }
install redis-server || install valkey-server
`;

const BY_HAND = {
  'apt-get': 'sudo apt-get update && sudo apt-get install -y --no-install-recommends redis-server',
  dnf: 'sudo dnf install -y valkey || sudo dnf install -y redis',
  apk: 'apk add redis',
  pacman: 'sudo pacman -S --noconfirm valkey',
  zypper: 'sudo zypper install -y redis',
  brew: 'brew install redis',
};

/** Finds redis-server or valkey-server on PATH, else installs one. @throws SetupError saying what to type */
export async function ensureRedis({ act, note }) {
  if (await hasServer()) return note('Redis: redis-server or valkey-server is on PATH');
  const install = await installer();
  if (install === undefined) throw new SetupError(await whatToType('there is no redis-server and no valkey-server on PATH'));
  act(`Redis: neither redis-server nor valkey-server is on PATH, installing one with ${install.name}`);
  try {
    await run(install.command, install.args);
  } catch (error) {
    throw new SetupError(await whatToType(`Redis could not be installed (${error.message})`));
  }
  if (!(await hasServer()))
    throw new SetupError(await whatToType(`${install.name} has installed Redis, but no redis-server is on PATH`));
}

async function installer() {
  const script = ['/bin/sh', '-c', APT_INSTALL];
  if (await has('apt-get')) {
    if (process.getuid?.() === 0) return { name: 'apt-get', command: script[0], args: script.slice(1) };
    if (await succeeds('sudo', ['-n', 'true'])) return { name: 'sudo apt-get', command: 'sudo', args: ['-n', ...script] };
  }
  if (await has('brew')) return { name: 'brew', command: 'brew', args: ['install', 'redis'] };
  return undefined;
}

async function whatToType(problem) {
  const known = [];
  for (const [program, line] of Object.entries(BY_HAND)) if (await has(program)) known.push(line);
  const line = known[0] ?? 'install Redis 7 or newer, or Valkey (https://redis.io/docs/latest/operate/oss_and_stack/install/)';
  return `${problem}. Type this, then run this again:\n\n  ${line}\n\nor use a server that runs already:\n\n  export STILE_REDIS_URL=redis://127.0.0.1:6379`;
}
