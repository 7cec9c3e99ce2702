import { howToInstall, installerOf, missingOf, PROGRAMS } from './programs.mjs';
import { run, SetupError } from './run.mjs';

/** Installs what is missing of the programs named, all in one go. @throws SetupError saying what to type */
export async function ensurePrograms(names, { act, note }) {
  const missing = await missingOf(names);
  if (missing.length === 0) return note(`programs are there: ${names.join(', ')}`);
  const installer = await installerOf(missing);
  if (installer === undefined) throw new SetupError(await whatToType(missing, `there is no ${list(missing)}`));
  act(`there is no ${list(missing)}: installing with ${installer.name}`);
  try {
    await run(installer.command, installer.args);
  } catch (error) {
    throw new SetupError(await whatToType(missing, `${list(missing)} could not be installed (${summary(error)})`));
  }
  const still = await missingOf(missing);
  if (still.length > 0)
    throw new SetupError(await whatToType(still, `${installer.name} has run, but there is no ${list(still)} on PATH`));
}

const list = (names) => names.map((name) => PROGRAMS[name].what).join(', no ');

/** The command itself is a long script; how it ended follows it. */
const summary = (error) =>
  error.message
    .split(/ failed \(/)
    .pop()
    .replace(/\)/, '');

async function whatToType(names, problem) {
  const onlyRedis = names.every((name) => name === 'redis');
  const instead = onlyRedis ? '\n\nor use a server that runs already:\n\n  export STILE_REDIS_URL=redis://127.0.0.1:6379' : '';
  return `${problem}. Type this, then run this again:\n\n  ${await howToInstall(names)}${instead}`;
}
