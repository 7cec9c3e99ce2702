import { dismiss, useNotices } from '../hooks/notices';
import { Icon } from '../parts/icon';

export function Notices() {
  const notices = useNotices();
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.map(({ id, text, href }) => (
        <div key={id} class="notice">
          {href === undefined ? <span>{text}</span> : <a href={href}>{text}</a>}
          <button type="button" class="button icon-only quiet small" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
