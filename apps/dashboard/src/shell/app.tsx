import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Caller } from '../api/session';
import { OverviewContext, useOverviewSource } from '../hooks/overview';
import { go, useRoute } from '../hooks/use-route';
import { useSession } from '../hooks/use-session';
import { useShortcuts } from '../hooks/use-shortcuts';
import type { Route } from '../logic/routes';
import { Empty } from '../parts/states';
import { DefinitionView } from '../views/definition';
import { DefinitionsView } from '../views/definitions';
import { FailuresView } from '../views/failures';
import { MachineView } from '../views/machine/machine-view';
import { MachinesView } from '../views/machines';
import { OperationsView } from '../views/operations';
import { SchedulesView } from '../views/schedules';
import { WorkersView } from '../views/workers';
import { AwayNotice } from './away-notice';
import { HelpDialog } from './help-dialog';
import { Nav } from './nav';
import { Notices } from './notices';
import { SignIn } from './sign-in';

/** What there is to see, for who may see it. */
export function App() {
  const [session, reload] = useSession();
  if (session === undefined) return null; // a moment
  if (session !== 'unknown' && session.caller === null) return <SignIn ways={session.signIn} onDone={reload} />;
  return <Page caller={session === 'unknown' ? undefined : (session.caller ?? undefined)} />;
}

function Page({ caller }: { caller: Caller | undefined }) {
  const route = useRoute();
  const overview = useOverviewSource();
  const [help, setHelp] = useState(false);
  useShortcuts((command) => {
    if (command.do === 'help') setHelp(true);
    else if (command.do === 'go') go(command.route);
    else search();
  });
  return (
    <OverviewContext.Provider value={overview}>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault(); // what is behind # is the view
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the content
      </a>
      <Nav route={route} caller={caller} onHelp={() => setHelp(true)} />
      <Main route={route}>
        <AwayNotice />
        <View route={route} />
      </Main>
      <Notices />
      {help ? <HelpDialog onClose={() => setHelp(false)} /> : null}
    </OverviewContext.Provider>
  );
}

/** Goes to where one searches, and there: at once where it is in view, else as soon as it is, so that no key that follows is lost. */
function search(): void {
  const field = (): HTMLElement | null => document.getElementById('search');
  if (field()) return field()?.focus();
  const observer = new MutationObserver(() => {
    if (!field()) return;
    observer.disconnect();
    field()?.focus();
  });
  observer.observe(document.body, { childList: true, subtree: true });
  go({ view: 'machines', query: '' });
}

/**
 * Another view is another page to who cannot see it: the focus goes to its begin. As it is drawn, not after: that would take the focus
 * from a field that a key has led to meanwhile.
 */
function Main({ route, children }: { route: Route; children: ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  const place = placeOf(route);
  const last = useRef(place);
  useLayoutEffect(() => {
    if (last.current === place) return;
    last.current = place;
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [place]);
  return (
    <main id="main" ref={main} tabIndex={-1}>
      {children}
    </main>
  );
}

/** A filter that changes leaves one where one is. */
function placeOf(route: Route): string {
  switch (route.view) {
    case 'machine':
      return `machine ${route.id}`;
    case 'definition':
      return `definition ${route.name}`;
    default:
      return route.view;
  }
}

function View({ route }: { route: Route }) {
  switch (route.view) {
    case 'definitions':
      return <DefinitionsView />;
    case 'definition':
      return <DefinitionView key={route.name} name={route.name} version={route.version} />;
    case 'machines':
      return <MachinesView query={route.query} />;
    case 'machine':
      return <MachineView key={route.id} id={route.id} />;
    case 'failures':
      return <FailuresView />;
    case 'workers':
      return <WorkersView />;
    case 'schedules':
      return <SchedulesView />;
    case 'operations':
      return <OperationsView />;
    case 'nowhere':
      return (
        <Empty title="There is no such page">
          <a href="#/">All definitions</a>
        </Empty>
      );
  }
}
