/** The text with what may be a password in it replaced by `***`: the one of a URL, however badly the URL is written. */
export function maskPassword(text: string): string {
  return text.replace(/^([^:/@]*:?\/*[^:@/]*):.*@/, '$1:***@').replace(/([?&]\w*password=)[^&]*/gi, '$1***');
}
