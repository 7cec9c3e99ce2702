import { useEffect } from 'preact/hooks';
import { signOut, type Caller } from '../api/session';
import { useOverview } from '../hooks/overview';
import { useStored } from '../hooks/use-stored';
import { tally } from '../logic/counts';
import { short, whole } from '../logic/numbers';
import { hrefOf, type Route } from '../logic/routes';
import { PLACES } from '../logic/shortcuts';
import { nextTheme, themeOf, type Theme } from '../logic/theme';
import { Icon, Mark } from '../parts/icon';

/** Where a view belongs to. */
const AREAS: Readonly<Partial<Record<Route['view'], Route['view']>>> = { definition: 'definitions', machine: 'machines' };

export function Nav({ route, caller, onHelp }: { route: Route; caller: Caller | undefined; onHelp: () => void }) {
  const { counts } = useOverview();
  const failed = tally(counts.data ?? []).byStatus.failed ?? 0;
  const area = AREAS[route.view] ?? route.view;
  return (
    <header class="nav">
      <a class="brand" href="#/" aria-label="Stile, all definitions">
        <Mark />
        <span>Stile</span>
      </a>
      <nav aria-label="Views">
        <ul>
          {Object.values(PLACES).map(({ name, route: to }) => (
            <li key={name}>
              <a href={hrefOf(to)} aria-current={to.view === area ? 'page' : undefined}>
                {name}
                {to.view === 'failures' && failed > 0 ? (
                  <span class="nav-count num" title={`${whole(failed)} failed machines`}>
                    {short(failed)}
                  </span>
                ) : null}
              </a>
            </li>
          ))}
          <li class="nav-outside">
            <a href="/queues">
              Queues <Icon name="external" />
            </a>
          </li>
          <li>
            <a href="/docs">
              API <Icon name="external" />
            </a>
          </li>
        </ul>
      </nav>
      {caller?.via === 'session' ? <SignedIn caller={caller} /> : null}
      <div class="nav-tools">
        <ThemeSwitch />
        <button
          type="button"
          class="button icon-only quiet nav-help"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={onHelp}
        >
          <Icon name="keyboard" />
        </button>
      </div>
    </header>
  );
}

function SignedIn({ caller }: { caller: Caller }) {
  const held = [caller.role, caller.tenant, caller.definitions?.join(', ')].filter((part) => part !== undefined).join(' · ');
  return (
    <div class="signed-in">
      <p class="signed-in-name" title={caller.name}>
        {caller.name}
      </p>
      <p class="hint">{held}</p>
      <button type="button" class="button small" onClick={() => void signOut().finally(() => location.reload())}>
        Sign out
      </button>
    </div>
  );
}

const THEME_ICONS: Readonly<Record<Theme, 'auto' | 'sun' | 'moon'>> = { auto: 'auto', light: 'sun', dark: 'moon' };

function ThemeSwitch() {
  const [stored, store] = useStored('theme', 'auto');
  const theme = themeOf(stored);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const label = `Colours: ${theme === 'auto' ? 'as the system' : theme}`;
  return (
    <button
      type="button"
      class="button icon-only quiet theme"
      aria-label={label}
      title={label}
      onClick={() => store(nextTheme(theme))}
    >
      <Icon name={THEME_ICONS[theme]} />
    </button>
  );
}
