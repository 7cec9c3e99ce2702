import { PLACES } from '../logic/shortcuts';
import { Dialog } from '../parts/dialog';

export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl class="keys dialog-body">
        <div>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>Find a machine by its id</dd>
        </div>
        {Object.entries(PLACES).map(([key, { name }]) => (
          <div key={key}>
            <dt>
              <kbd>g</kbd> <kbd>{key}</kbd>
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>This list</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>Close a dialog, nothing is done</dd>
        </div>
      </dl>
    </Dialog>
  );
}
