import { useEffect, useState } from 'preact/hooks';
import { currentLink, onLink, type Link } from '../api/link';

export function useLink(): Link {
  const [link, setLink] = useState(currentLink);
  useEffect(() => {
    setLink(currentLink());
    return onLink(setLink);
  }, []);
  return link;
}
