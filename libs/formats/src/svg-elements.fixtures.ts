/** An element of a drawing. */
export interface SvgElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: SvgElement[];
  text: string;
}

const TOKEN = /<(\/?)([a-zA-Z]+)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>|([^<>]+)/gy;
const ENTITY = /&(?:amp|lt|gt|quot|#39);/g;
const CHARACTERS: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** Reads the strict little part of XML that drawings are written in, and throws at anything else. */
export function parseSvg(svg: string): SvgElement {
  const root: SvgElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < svg.length; at = TOKEN.lastIndex) {
    const found = TOKEN.exec(svg);
    if (!found) throw new Error(`not well-formed at ${at}: ${svg.slice(at, at + 80)}`);
    const [, closing, name = '', attributes = '', empty, text] = found;
    const parent = open.at(-1)!;
    if (text !== undefined) parent.text += plain(text);
    else if (closing === '/') {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes another element at ${at}`);
    } else {
      const element = { name, attributes: attributesOf(attributes), children: [], text: '' };
      parent.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one element');
  return root.children[0]!;
}

/** All elements below one, and itself. */
export function everyElement(element: SvgElement): SvgElement[] {
  return [element, ...element.children.flatMap(everyElement)];
}

export function ofClass(element: SvgElement, name: string): SvgElement[] {
  return everyElement(element).filter(({ attributes }) => attributes['class'] === name);
}

function attributesOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, plain(value)] as const);
  if (new Set(found.map(([name]) => name)).size !== found.length) throw new Error(`an attribute twice: ${text}`);
  return Object.fromEntries(found);
}

function plain(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`a bare & in ${text}`);
  // eslint-disable-next-line no-control-regex -- what XML cannot hold
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) throw new Error(`a control character in ${JSON.stringify(text)}`);
  return text.replace(ENTITY, (entity) => CHARACTERS[entity] ?? '');
}
