import { DEFINITIONS, full, hostile } from '../repo.fixtures';
import { toJson } from '../canonical-json';
import { dotText, toDot } from './dot';
import { layOut } from './graphviz';
import { toMermaid } from './mermaid';

describe('toDot', () => {
  it('is read by Graphviz as the states and transitions there are', async () => {
    for (const definition of [...DEFINITIONS, hostile]) {
      const states = Object.values(definition.states);
      const transitions = states.flatMap((state) => Object.values(state.transitions));
      const ways = definition.onCancel === undefined ? 1 : 2;
      const { objects = [], edges = [] } = await layOut(toDot(definition), 10_000);
      expect(objects.map(({ id }) => id).filter((id) => id?.startsWith('state-'))).toEqual(
        states.map(({ name }) => dotText(`state-${name}`)),
      );
      expect(objects).toHaveLength(states.length + ways);
      expect(edges.map(({ id }) => id)).toEqual(Array.from({ length: transitions.length + ways }, (_, i) => `edge-${i}`));
    }
  });

  it('names colours nowhere', () => expect(toDot(full)).not.toMatch(/color/i));
});

describe('toMermaid', () => {
  it('has ids of its own, and says the same', () => {
    expect(toMermaid(full)).toBe(`---
title: "full@7"
---
stateDiagram-v2
  state "begin" as s0
  state "work<br/>retries 2<br/>timeout 2500ms" as s1
  state "clean" as s2
  state "end" as s3
  [*] --> s0
  [*] --> s2: when cancelled
  s0 --> s1: go / audit.go
  s0 --> s3: skip<br/>local
  s1 --> s3: done
  s1 --> s1: again<br/>after 1500ms
  s1 --> s1: nudge / work.nudge<br/>after 50ms<br/>internal
  s1 --> s3: stop<br/>retries exhausted
  s1 --> s3: late<br/>after 1d<br/>deadline 1h
  s2 --> s3: done
  s3 --> [*]
`);
  });

  it('writes what could mean something by its code', () => {
    const lines = toMermaid(hostile).split('\n').slice(4, -1);
    for (const line of lines) {
      expect(line).toMatch(/^ {2}(state "([\w.,/ -]|#\d+;)*" as s\d+|(s\d+|\[\*\]) --> (s\d+|\[\*\])(: ([\w.,/ -]|#\d+;)*)?)$/);
    }
    expect(lines).toHaveLength(2 * Object.keys(hostile.states).length + 1);
  });
});

describe('toJson', () => {
  it('is the definition, whatever the order of its keys', () => {
    for (const definition of DEFINITIONS) expect(JSON.parse(toJson(definition))).toEqual(JSON.parse(JSON.stringify(definition)));
    const turned = Object.fromEntries(Object.entries(full).reverse()) as unknown as typeof full;
    expect(toJson(turned)).toBe(toJson(full));
  });

  it('sorts by UTF-16 units, leaves undefined out and keeps __proto__', () => {
    const odd = {
      ...full,
      states: { b: full.states['end']!, ['__proto__']: full.states['end']!, B: full.states['end']! },
      deadline: undefined,
    };
    expect(toJson(odd)).not.toContain('deadline');
    expect([...toJson(odd).matchAll(/"(b|B|__proto__)":/g)].map(([, key]) => key)).toEqual(['B', '__proto__', 'b']);
  });
});
