// eslint-disable-next-line no-control-regex -- control characters are what it is about
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** What comes from users' data must neither break a line nor steer the terminal it is shown on. */
export function clean(text: string): string {
  return text.replace(CONTROL, (character) => {
    if (character === '\n') return '\\n';
    return character === '\t' ? ' ' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A message of several lines on one. */
export function oneLine(text: string): string {
  return clean(text.trim().replace(/\s*\n\s*/g, ' '));
}

/** @param length characters at most */
export function clip(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
