import { StileClient } from '@stile/client';
import { httpUrl, readClientConfig } from '@stile/config';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { Output } from './output/output';

export interface JsonOptions {
  readonly json?: boolean;
}

/** Options of every command that talks to an API. */
export interface OnlineOptions extends JsonOptions {
  readonly api?: string;
}

/** What such a command works with. */
export interface Session {
  readonly client: StileClient;
  readonly out: Output;
  /** Who is at the keyboard, where the system tells. */
  readonly user?: string;
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON, errors too');
}

export function online(command: Command): Command {
  const api = new Option('--api <url>', 'address of the API; STILE_API_URL, else http://127.0.0.1:3000').argParser(apiUrl);
  return withJson(command).addOption(api);
}

/** @throws ConfigError */
export function open({ api, json = false }: OnlineOptions): Session {
  const { apiUrl, apiKey, user, colours } = readClientConfig();
  return { client: new StileClient({ url: api ?? apiUrl, apiKey }), out: new Output(json, colours), user };
}

/** For commands that need no API. */
export function offlineOutput({ json = false }: JsonOptions): Output {
  return new Output(json, readClientConfig().colours);
}

function apiUrl(text: string): string {
  try {
    return httpUrl(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
