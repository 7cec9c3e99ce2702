import type { DescribedCommand, Value } from './describe';

/** A completion script for bash 3.2 and newer. */
export function bashCompletion(commands: readonly DescribedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# Completion of stile for bash. In ~/.bashrc: source <(stile completion bash)
_stile() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names}' -- "$cur"))
    return
  fi
  case "$command $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
}
complete -F _stile stile
`;
}

/** What comes after an option that takes a value. */
function valueCases({ name, options }: DescribedCommand): string[] {
  return options.flatMap(({ names, value }) => {
    if (!value) return [];
    const patterns = names.map((option) => `'${name} ${option}'`).join(' | ');
    return [`    ${patterns})\n      ${replyOf(value)}\n      return\n      ;;`];
  });
}

/** Everywhere else: options, and what the arguments may be. */
function commandCase({ name, options, values }: DescribedCommand): string {
  const words = options.flatMap(({ names }) => names).join(' ');
  const replies = values.filter(({ kind }) => kind !== 'text').map((value) => `\n      ${replyOf(value)}`);
  const rest = replies.length === 0 ? '' : replies.join('');
  return `    ${name})
      if [[ "$cur" == -* ]]; then
        COMPREPLY=($(compgen -W '${words}' -- "$cur"))
        return
      fi${rest}
      ;;`;
}

function replyOf(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `COMPREPLY=($(compgen -W '${value.words.join(' ')}' -- "$cur"))`;
    case 'file':
      return `COMPREPLY=($(compgen -f -- "$cur"))`;
    case 'text':
      return ':';
  }
}
