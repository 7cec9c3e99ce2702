import { PSEUDO_INIT, type Definition } from '@stile/machine';
import { graphOf, isWayIn } from './graph';
import { edgeLines, stateLines } from './labels';

/**
 * A definition as a Mermaid state diagram (`stateDiagram-v2`), as GitHub and GitLab draw it in Markdown. States get short ids, since
 * names such as `end` or `a.b` are none; their names are their descriptions. Pure and deterministic.
 */
export function toMermaid(definition: Definition): string {
  const { states, edges } = graphOf(definition);
  const ids = new Map(states.map(({ name }, index) => [name, `s${index}`]));
  const idOf = (name: string): string => ids.get(name) ?? '[*]';
  return [
    '---',
    `title: ${JSON.stringify(`${definition.name}@${definition.version}`)}`,
    '---',
    'stateDiagram-v2',
    ...states.map(
      (state) => `  state "${[state.name, ...stateLines(definition, state)].map(text).join('<br/>')}" as ${idOf(state.name)}`,
    ),
    ...edges.map((edge) => {
      const lines = edgeLines(edge).map(text);
      const from = isWayIn(edge) ? '[*]' : idOf(edge.from);
      return `  ${from} --> ${idOf(edge.to)}${lines.length > 0 && edge.event !== PSEUDO_INIT ? `: ${lines.join('<br/>')}` : ''}`;
    }),
    ...states.filter(({ final }) => final).map(({ name }) => `  ${idOf(name)} --> [*]`),
    '',
  ].join('\n');
}

/** All but the plainest characters as Mermaid's `#code;`. */
function text(line: string): string {
  return line.replace(/[^A-Za-z0-9_.,/ -]/gu, (character) => `#${character.codePointAt(0)};`);
}
