import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { succeeds } from './run.mjs';

const has = (program) => succeeds('/bin/sh', ['-c', `command -v ${program}`]);
const DEBIANS_POSTGRES = '/usr/lib/postgresql'; // its programs are not on PATH

async function hasPostgres() {
  const programs = ['initdb', 'postgres', 'pg_ctl', 'pg_basebackup'];
  const versions = existsSync(DEBIANS_POSTGRES) ? readdirSync(DEBIANS_POSTGRES) : [];
  const holds = (version) => programs.every((program) => existsSync(join(DEBIANS_POSTGRES, version, 'bin', program)));
  return versions.some(holds) || (await Promise.all(programs.map(has))).every(Boolean);
}

/** Debian keeps it in a folder of the architecture, others beside their libraries. */
async function hasFaketime() {
  const roots = ['/usr/lib', '/usr/lib64', '/usr/local/lib'].filter((root) => existsSync(root));
  const folders = roots.flatMap((root) => [root, ...readdirSync(root).map((name) => join(root, name))]);
  return folders.some((folder) => existsSync(join(folder, 'faketime', 'libfaketimeMT.so.1')));
}

/** Names that it goes by. The browser test looks for the same: see test/e2e/support/browser.ts. */
async function hasChromium() {
  return (await Promise.all(['chromium', 'chromium-browser', 'google-chrome'].map(has))).some(Boolean);
}

/** A compiler without the headers of the C library compiles nothing. */
const compiles = () => succeeds('/bin/sh', ['-c', "echo '#include <stdio.h>' | gcc -E -x c -"]);

/** What is not an npm package: how to tell that it is there, and what it is called where. */
export const PROGRAMS = {
  redis: {
    what: 'redis-server or valkey-server',
    isThere: async () => (await has('redis-server')) || (await has('valkey-server')),
    packages: { 'apt-get': 'redis-server', dnf: 'valkey', apk: 'redis', pacman: 'valkey', zypper: 'redis', brew: 'redis' },
  },
  postgres: {
    what: 'PostgreSQL server',
    isThere: hasPostgres,
    packages: {
      'apt-get': 'postgresql',
      dnf: 'postgresql-server',
      apk: 'postgresql',
      pacman: 'postgresql',
      zypper: 'postgresql-server',
      brew: 'postgresql',
    },
  },
  chromium: {
    what: 'Chromium (a browser)',
    isThere: hasChromium,
    packages: {
      'apt-get': 'chromium fonts-liberation',
      dnf: 'chromium',
      apk: 'chromium',
      pacman: 'chromium',
      zypper: 'chromium',
      brew: 'chromium',
    },
  },
  spin: {
    what: 'spin (model checker)',
    isThere: () => has('spin'),
    packages: { 'apt-get': 'spin', dnf: 'spin', apk: 'spin', pacman: 'spin', zypper: 'spin', brew: 'spin' },
  },
  faketime: {
    what: 'libfaketime (a server whose clock can be set)',
    isThere: hasFaketime,
    packages: {
      'apt-get': 'libfaketime',
      dnf: 'libfaketime',
      apk: 'libfaketime',
      pacman: 'libfaketime',
      zypper: 'libfaketime',
      brew: 'libfaketime',
    },
  },
  openssl: {
    what: 'openssl (makes certificates for tests)',
    isThere: () => has('openssl'),
    packages: { 'apt-get': 'openssl', dnf: 'openssl', apk: 'openssl', pacman: 'openssl', zypper: 'openssl', brew: 'openssl' },
  },
  promtool: {
    what: 'promtool (of Prometheus, checks alert rules)',
    isThere: () => has('promtool'),
    packages: {
      'apt-get': 'prometheus',
      dnf: 'golang-github-prometheus',
      apk: 'prometheus',
      pacman: 'prometheus',
      zypper: 'golang-github-prometheus-prometheus',
      brew: 'prometheus',
    },
  },
  gcc: {
    what: 'gcc with headers',
    isThere: compiles,
    packages: { 'apt-get': 'gcc libc6-dev', dnf: 'gcc', apk: 'build-base', pacman: 'gcc', zypper: 'gcc', brew: 'gcc' },
  },
};

const BY_HAND = {
  'apt-get': (packages) => `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages}`,
  dnf: (packages) => `sudo dnf install -y ${packages}`,
  apk: (packages) => `apk add ${packages}`,
  pacman: (packages) => `sudo pacman -S --noconfirm ${packages}`,
  zypper: (packages) => `sudo zypper install -y ${packages}`,
  brew: (packages) => `brew install ${packages}`,
};

/** Names of those that are missing. */
export async function missingOf(names) {
  const there = await Promise.all(names.map((name) => PROGRAMS[name].isThere()));
  return names.filter((_name, index) => !there[index]);
}

/** What to type to get them here. */
export async function howToInstall(names) {
  for (const [manager, line] of Object.entries(BY_HAND)) {
    if (await has(manager)) return line(packagesOf(names, manager).join(' '));
  }
  return `install, with whatever installs programs here: ${names.map((name) => PROGRAMS[name].what).join(', ')}`;
}

/** What would install them without asking anything; undefined where that is not known, or root's word is needed for it. */
export async function installerOf(names) {
  const packages = (manager) => packagesOf(names, manager);
  if (await has('apt-get')) {
    const script = ['/bin/sh', '-c', APT_INSTALL, 'sh', ...packages('apt-get')];
    if (process.getuid?.() === 0) return { name: 'apt-get', command: script[0], args: script.slice(1) };
    if (await succeeds('sudo', ['-n', 'true'])) return { name: 'sudo apt-get', command: 'sudo', args: ['-n', ...script] };
  }
  if (await has('brew')) return { name: 'brew', command: 'brew', args: ['install', ...packages('brew')] };
  return undefined;
}

const packagesOf = (names, manager) => names.flatMap((name) => PROGRAMS[name].packages[manager].split(' '));

/**
 * Installs the packages in `$@` in one go. Debian starts a service that it installs unless policy-rc.d forbids it, and makes a cluster of
 * a PostgreSQL that it installs unless a file of createcluster.d says otherwise; files that exist already are left alone.
 */
const APT_INSTALL = `
set -e
export DEBIAN_FRONTEND=noninteractive
made=
trap 'test -z "$made" || rm -f $made; rmdir /etc/postgresql-common/createcluster.d /etc/postgresql-common 2>/dev/null || :' EXIT
trap 'exit 1' HUP INT TERM
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  made="$made $policy"
  printf '#!/bin/sh\\nexit 101\\n' > $policy
  chmod 755 $policy
fi
cluster=/etc/postgresql-common/createcluster.d/stile-setup.conf
case " $* " in
  *' postgresql '*)
    mkdir -p /etc/postgresql-common/createcluster.d
    made="$made $cluster"
    echo 'create_main_cluster = off' > $cluster
    ;;
esac
apt-get -q update || echo 'apt-get update failed; trying with the package lists that are here'
case " $* " in
  *' redis-server '*)
    if ! apt-get -q -s install --no-install-recommends redis-server >/dev/null 2>&1; then
      for package; do
        shift
        test "$package" != redis-server || package=valkey-server
        set -- "$@" "$package"
      done
    fi
    ;;
esac
apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@"
`;
