import { useCallback, useState } from 'preact/hooks';

/** A text that this browser keeps; where it keeps nothing, for as long as the page is open. */
export function useStored(name: string, initial: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => read(name) ?? initial);
  const store = useCallback(
    (next: string) => {
      setValue(next);
      write(name, next);
    },
    [name],
  );
  return [value, store];
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(`stile.${name}`);
  } catch {
    return null; // storage may be forbidden
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(`stile.${name}`, value);
  } catch {
    // as above: then it is not kept
  }
}
