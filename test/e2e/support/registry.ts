import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './programs';

/**
 * An npm registry without a network: it has what is installed in this repository, and nothing of Stile's own. So npm itself installs
 * tarballs somewhere else, with its own rules, and finds of `@stile/*` only what it is given.
 */
export class LocalRegistry {
  /** Names that were asked for, in order. */
  readonly asked: string[] = [];
  private readonly folders = installedFolders();
  private readonly server: Server;
  private url = '';

  private constructor() {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  static async start(): Promise<LocalRegistry> {
    const registry = new LocalRegistry();
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    registry.url = `http://127.0.0.1:${(registry.server.address() as AddressInfo).port}`;
    return registry;
  }

  /** For npm: this registry, a cache of its own, and nothing of the settings of whoever runs the tests. */
  env(cache: string): NodeJS.ProcessEnv {
    const others = Object.entries(process.env).filter(([name]) => !/^(npm_|STILE_)|_proxy$/i.test(name));
    return {
      ...Object.fromEntries(others),
      npm_config_registry: this.url,
      npm_config_cache: cache,
      npm_config_userconfig: join(cache, 'npmrc'),
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
      npm_config_ignore_scripts: 'true',
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const [name = '', version] = decodeURIComponent(request.url ?? '')
      .slice(1)
      .split('/-/');
    const versions = this.folders.get(name);
    if (version !== undefined) return sendTarball(versions?.get(version) as string, response);
    this.asked.push(name);
    response.setHeader('content-type', 'application/json');
    if (!versions) return void response.writeHead(404).end(JSON.stringify({ error: 'not found' }));
    const latest = [...versions.keys()][0]; // the one at the top of node_modules
    const manifests = [...versions].map(([number, folder]) => [number, this.manifestOf(name, number, folder)]);
    response.end(JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(manifests) }));
  }

  private manifestOf(name: string, version: string, folder: string): object {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta, bin, engines, os, cpu } = manifest;
    const dist = { tarball: `${this.url}/${encodeURIComponent(name)}/-/${version}` };
    const needs = { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta };
    return { name, version, ...needs, bin, engines, os, cpu, dist };
  }
}

/** Folders by name and version, outermost first. */
function installedFolders(): Map<string, Map<string, string>> {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; link?: boolean }>;
  };
  const found = new Map<string, Map<string, string>>();
  const paths = Object.keys(lock.packages).sort((a, b) => a.length - b.length);
  for (const path of paths.filter((entry) => entry.includes('node_modules/'))) {
    const { version, link } = lock.packages[path]!;
    const folder = join(ROOT, path);
    if (link || version === undefined || !existsSync(join(folder, 'package.json'))) continue; // optional ones may not be there
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const versions = found.get(name) ?? new Map<string, string>();
    if (!versions.has(version)) versions.set(version, folder);
    found.set(name, versions);
  }
  return found;
}

/** Not compressed: npm takes it as it is. */
function sendTarball(folder: string, response: ServerResponse): void {
  const shelf = mkdtempSync(join(tmpdir(), 'stile-registry-'));
  symlinkSync(folder, join(shelf, 'package')); // the name that all files of a package begin with
  const tar = spawn('tar', ['-c', '-h', '-f', '-', '--exclude', 'node_modules', '-C', shelf, 'package']);
  tar.once('close', () => rmSync(shelf, { recursive: true, force: true }));
  response.setHeader('content-type', 'application/octet-stream');
  tar.stdout.pipe(response);
}
