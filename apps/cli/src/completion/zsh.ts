import type { DescribedCommand, DescribedOption, Value } from './describe';

/** A completion script for zsh: a file named `_stile` on the fpath, or evaluated after compinit. */
export function zshCompletion(commands: readonly DescribedCommand[]): string {
  const list = commands.map(({ name, description }) => `    ${quote(`${name}:${description}`)}`).join('\n');
  return `#compdef stile
# Completion of stile for zsh. In ~/.zshrc, after compinit: source <(stile completion zsh)
_stile() {
  local -a commands
  commands=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
if [ "$funcstack[1]" = "_stile" ]; then
  _stile "$@"
else
  compdef _stile stile
fi
`;
}

function commandCase({ name, options, values, variadic }: DescribedCommand): string {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...values.map((value, i) => quote(`${variadic && i === values.length - 1 ? '*' : i + 1}:${actionOf(value)}`)),
  ];
  const lines = specs.map((spec) => ` \\\n        ${spec}`).join('');
  return `    ${name})\n      _arguments${lines}\n      ;;`;
}

function optionSpecs({ names, description, value }: DescribedOption): string[] {
  return names.map((name) => {
    const told = description.replace(/[[\]\\:]/g, '\\$&');
    return quote(`*${name}[${told}]${value ? `:${actionOf(value)}` : ''}`);
  });
}

/** Message and action of a spec. */
function actionOf(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `value:(${value.words.join(' ')})`;
    case 'file':
      return 'file:_files';
    case 'text':
      return 'value: ';
  }
}

function quote(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
