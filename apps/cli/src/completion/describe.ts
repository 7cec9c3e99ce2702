import type { Argument, Command, Option } from 'commander';

/** What a shell completes a value with. `text`: with nothing, since only the user knows it. */
export type Value =
  { readonly kind: 'words'; readonly words: readonly string[] } | { readonly kind: 'file' } | { readonly kind: 'text' };

export interface DescribedOption {
  /** `--count`, and its short form where it has one. */
  readonly names: readonly string[];
  readonly description: string;
  /** Of its value; none for a switch. */
  readonly value?: Value;
}

export interface DescribedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly DescribedOption[];
  /** Of its arguments, in order. */
  readonly values: readonly Value[];
  /** The last of them may come any number of times. */
  readonly variadic: boolean;
}

/** The commands as commander has them, so that a completion can never know others. */
export function describeCommands(program: Command): DescribedCommand[] {
  return program.createHelp().visibleCommands(program).map(describe);
}

function describe(command: Command): DescribedCommand {
  if (command.commands.length > 0) return describeGroup(command);
  const options = command.createHelp().visibleOptions(command).map(describeOption);
  const { registeredArguments: given } = command;
  const values = given.map((argument) => valueOf(argument.name(), argument.argChoices));
  return {
    name: command.name(),
    description: firstOf(command.description()),
    options,
    values,
    variadic: isVariadic(given.at(-1)),
  };
}

/** One with commands of its own, such as `keys create`: their names, then the options of all of them. */
function describeGroup(group: Command): DescribedCommand {
  const inner = group
    .createHelp()
    .visibleCommands(group)
    .filter((command) => command.name() !== 'help');
  const options = inner.flatMap((command) => command.createHelp().visibleOptions(command).map(describeOption));
  const once = options.filter(({ names }, i) => options.findIndex((other) => other.names[0] === names[0]) === i);
  const words = inner.map((command) => command.name());
  return {
    ...{ name: group.name(), description: firstOf(group.description()), options: once },
    ...{ values: [{ kind: 'words', words }], variadic: false },
  };
}

function describeOption(option: Option): DescribedOption {
  const names = [option.short, option.long].filter((name): name is string => name !== undefined && name !== null);
  const description = firstOf(option.description);
  if (!option.required && !option.optional) return { names, description };
  const placeholder = /[<[]([^>\]]*)[>\]]/.exec(option.flags)?.[1] ?? '';
  return { names, description, value: valueOf(placeholder, option.argChoices) };
}

function valueOf(name: string, choices: readonly string[] | undefined): Value {
  if (choices) return { kind: 'words', words: choices };
  return /file/.test(name) ? { kind: 'file' } : { kind: 'text' };
}

function isVariadic(argument: Argument | undefined): boolean {
  return argument?.variadic ?? false;
}

/** A shell shows a line. */
function firstOf(description: string): string {
  return description.split(/[;:]/)[0] ?? '';
}
