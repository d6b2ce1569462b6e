import { createContext, use, type ReactNode } from 'react';
import { Link, Redirect, Route, Switch, useLocation, useParams } from 'wouter';
import type { CompanyDetails, Session } from '../../src/contract.js';
import { path, useRead } from './api.js';
import { Heading, Mistake, Nothing, Waiting } from './components/basics.js';
import { CompaniesPage } from './pages/companies-page.js';
import { ConsentPage } from './pages/consent-page.js';
import { HoldsPage } from './pages/holds-page.js';
import { LogPage } from './pages/log-page.js';
import { OverviewPage } from './pages/overview-page.js';
import { ParkedPage } from './pages/parked-page.js';
import { PeoplePage } from './pages/people-page.js';
import { PersonPage } from './pages/person-page.js';
import { PreferencesPage } from './pages/preferences-page.js';
import { SetUpPage } from './pages/set-up-page.js';

const SessionContext = createContext<Session | undefined>(undefined);

/** Whether the visitor may change something. */
export const useIsAdmin = (): boolean => use(SessionContext)?.role === 'admin';
export const useSession = (): Session | undefined => use(SessionContext);

const pages = [
  ['', 'Overview'],
  ['people', 'People'],
  ['holds', 'Holds'],
  ['attention', 'Attention'],
  ['log', 'Log'],
  ['preferences', 'Preferences'],
  ['set-up', 'Set up'],
] as const;

/** Before there is an engine there is nothing to be looked at. */
const beforeSetUp: ReadonlySet<string> = new Set(['preferences', 'set-up']);

const CompanyNav = ({ company }: { readonly company: CompanyDetails }) => {
  const [location] = useLocation();
  const held = company.status?.people.held ?? 0;
  const parked = company.status?.people.parked ?? 0;
  const waiting: Readonly<Record<string, number>> = { holds: held, attention: parked };
  return (
    <nav aria-label={company.name}>
      <ul>
        {pages
          .filter(([page]) => company.isSetUp || beforeSetUp.has(page))
          .map(([page, title]) => {
            const to = `/${path('companies', company.connectionId)}${page === '' ? '' : `/${page}`}`;
            const isHere = page === '' ? location === to : location.startsWith(to);
            const waits = waiting[page] ?? 0;
            return (
              <li key={page}>
                <Link href={to} {...(isHere ? { 'aria-current': 'page' as const } : {})}>
                  {title}
                  {waits > 0 ? <span className="pill">{waits}</span> : null}
                </Link>
              </li>
            );
          })}
      </ul>
    </nav>
  );
};

const Company = () => {
  const { company: id = '' } = useParams();
  const company = useRead<CompanyDetails>(path('companies', id), 5_000);
  if (company.data === undefined) return company.error === null ? <Waiting /> : <Mistake refusal={company.error} />;
  const { data } = company;
  return (
    <>
      <CompanyNav company={data} />
      <Switch>
        <Route path="/companies/:company">
          {data.isSetUp ? (
            <OverviewPage company={data} />
          ) : (
            <Redirect to={`/${path('companies', id)}/set-up`} replace />
          )}
        </Route>
        <Route path="/companies/:company/people">
          <PeoplePage company={id} />
        </Route>
        <Route path="/companies/:company/people/:person">
          {({ person }) => <PersonPage key={person} company={id} person={person} />}
        </Route>
        <Route path="/companies/:company/holds">
          <HoldsPage company={id} />
        </Route>
        <Route path="/companies/:company/attention">
          <ParkedPage company={id} />
        </Route>
        <Route path="/companies/:company/log">
          <LogPage company={id} />
        </Route>
        <Route path="/companies/:company/preferences">
          <PreferencesPage company={id} />
        </Route>
        <Route path="/companies/:company/set-up">
          <SetUpPage company={data} />
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </>
  );
};

const NotFound = () => (
  <>
    <Heading>There is no such page</Heading>
    <Nothing>
      <Link href="/">Back to all companies</Link>
    </Nothing>
  </>
);

const Shell = ({ session, children }: { readonly session: Session; readonly children: ReactNode }) => (
  <SessionContext value={session}>
    <a className="skip" href="#main">
      Skip to content
    </a>
    <header className="top">
      <Link href="/" className="brand">
        Directory Sync
      </Link>
      <p>
        {session.name}
        {session.role === 'viewer' ? ' (viewer)' : ''}
      </p>
    </header>
    <main id="main">{children}</main>
    <footer>Learn Amp Directory Sync {session.version}</footer>
  </SessionContext>
);

export const App = () => {
  const session = useRead<Session>('session');
  if (session.data === undefined)
    return <main>{session.error === null ? <Waiting /> : <Mistake refusal={session.error} />}</main>;
  return (
    <Shell session={session.data}>
      <Switch>
        <Route path="/">
          <CompaniesPage />
        </Route>
        <Route path="/consent">
          <ConsentPage />
        </Route>
        <Route path="/companies/:company/*?">
          <Company />
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Shell>
  );
};
