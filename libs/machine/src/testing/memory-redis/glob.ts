/** Redis's own patterns: `*`, `?`, `[abc]`, `[^a]`, `[a-z]`, and `\` before what is meant as it stands. */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (pattern === '*') return () => true;
  const expression = new RegExp(`^${source(pattern)}$`, 's');
  return (text) => expression.test(text);
}

function source(pattern: string): string {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    if (char === '*') out += '.*';
    else if (char === '?') out += '.';
    else if (char === '\\' && i + 1 < pattern.length) out += literal(pattern.charAt(++i));
    else if (char === '[') {
      const end = pattern.indexOf(']', i + 2);
      if (end < 0) return out + literal(pattern.slice(i));
      const negated = pattern.charAt(i + 1) === '^';
      const members = pattern.slice(i + (negated ? 2 : 1), end).replace(/[\]\\^[]/g, '\\$&');
      out += `[${negated ? '^' : ''}${members}]`;
      i = end;
    } else out += literal(char);
  }
  return out;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
