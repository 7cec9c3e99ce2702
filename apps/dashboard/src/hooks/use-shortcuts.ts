import { useEffect, useRef } from 'preact/hooks';
import { Shortcuts, type Command } from '../logic/shortcuts';

/** Single keys, where they cannot be meant as text. */
export function useShortcuts(act: (command: Command) => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const shortcuts = new Shortcuts();
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isText(event.target) || document.querySelector('dialog[open]'))
        return;
      const command = shortcuts.press(event.key, performance.now());
      if (!command) return;
      event.preventDefault();
      latest.current(command);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function isText(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('input, textarea, select, [contenteditable]');
}
