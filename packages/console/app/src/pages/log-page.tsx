import { useState } from 'react';
import { Link } from 'wouter';
import type { EventView } from '@learnamp/directory-sync';
import type { Events } from '../../../src/contract.js';
import { asking, download, path, useRead } from '../api.js';
import { useIsAdmin } from '../app.js';
import { Card, Heading, Mistake, Nothing, Waiting } from '../components/basics.js';
import { JobProgress, useJobs } from '../components/job-panel.js';
import { LogFilters, momentOf, wholeLog, type LogFilter } from '../components/log-filters.js';
import { PageButtons } from '../components/page-buttons.js';
import { useLiveEvents, type Live } from '../components/use-live-events.js';
import { VerifyResult } from '../components/verify-result.js';
import { at, count, counted, spaced } from '../words.js';

const subjectsOf = ({ metadata }: EventView): ReadonlyArray<string> => {
  const subjects = (metadata as { readonly subjects?: unknown } | null)?.subjects;
  return Array.isArray(subjects) ? subjects.filter((each) => typeof each === 'string') : [];
};

/** Groups are named beside people in what is said of memberships: they have no page. */
const isGroup = ({ data, type }: EventView, id: string): boolean => {
  const said = (data ?? {}) as {
    readonly groupId?: unknown;
    readonly memberId?: unknown;
    readonly memberKind?: unknown;
  };
  if (said.memberId === id) return said.memberKind === 'group';
  return said.groupId === id || type === 'DeltaCursorMoved';
};

const Subject = ({
  company,
  event,
  id,
}: {
  readonly company: string;
  readonly event: EventView;
  readonly id: string;
}) =>
  isGroup(event, id) ? (
    <span className="id">group {id}</span>
  ) : (
    <Link className="id" href={`/${path('companies', company)}/people/${id}`}>
      {id}
    </Link>
  );

const Event = ({ company, event }: { readonly company: string; readonly event: EventView }) => (
  <tr>
    <td className="number">{event.revision}</td>
    <td>
      <time dateTime={event.recordedAt}>{at(event.recordedAt)}</time>
    </td>
    <th scope="row">{spaced(event.type)}</th>
    <td>
      {subjectsOf(event)
        .slice(0, 2)
        .map((id) => (
          <Subject key={id} company={company} event={event} id={id} />
        ))}
      {subjectsOf(event).length > 2 ? (
        <span className="small">and {count(subjectsOf(event).length - 2)} more</span>
      ) : null}
      {event.erased === true ? ' erased' : ''}
    </td>
    <td>
      <details>
        <summary>Details</summary>
        <pre>{JSON.stringify({ ...event, metadata: event.metadata }, null, 2)}</pre>
      </details>
    </td>
  </tr>
);

const Checks = ({ company }: { readonly company: string }) => {
  const { of, isRunning, begin, stop } = useJobs(company);
  const isAdmin = useIsAdmin();
  return (
    <Card title="Proof">
      <p>
        Verifying reads the whole log: its chain, its seals, every command derived again. Rebuilding folds it anew
        beside what stands, and takes over when it is complete.
      </p>
      <JobProgress job={of('verify')} stop={() => stop.mutate('verify')} />
      <VerifyResult job={of('verify')} />
      <JobProgress job={of('rebuild')} stop={() => stop.mutate('rebuild')} />
      <VerifyResult job={of('rebuild')} />
      <Mistake refusal={begin.error} />
      <div className="buttons">
        {isAdmin ? (
          <>
            <button
              type="button"
              className="plain"
              disabled={isRunning('verify')}
              onClick={() => begin.mutate({ kind: 'verify' })}
            >
              Verify
            </button>
            <button
              type="button"
              className="plain"
              disabled={isRunning('rebuild')}
              onClick={() => begin.mutate({ kind: 'rebuild' })}
            >
              Rebuild
            </button>
          </>
        ) : null}
        <a className="button plain" href={download(`${path('companies', company)}/export`)}>
          Export the whole log as it is stored
        </a>
      </div>
    </Card>
  );
};

const liveWords: Readonly<Record<Live['state'], string>> = {
  off: '',
  opening: 'Waiting for the console to answer: what is recorded meanwhile appears then.',
  live: 'Live: new events appear by themselves.',
  ended: 'New events do not appear by themselves any more: open the page again.',
};

const came = (events: ReadonlyArray<EventView>): string =>
  events.length === 0 ? '' : ` ${counted(events.length, 'event', 'events')} since the page was opened.`;

const Table = ({ company, events }: { readonly company: string; readonly events: ReadonlyArray<EventView> }) => (
  <div className="scroll" tabIndex={0} role="region" aria-label="events">
    <table className="log">
      <thead>
        <tr>
          <th scope="col" className="number">
            Event
          </th>
          <th scope="col">Recorded</th>
          <th scope="col">Type</th>
          <th scope="col">Whom</th>
          <th scope="col">Data</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <Event key={event.id} company={company} event={event} />
        ))}
      </tbody>
    </table>
  </div>
);

const PAGE = 50;
const SHOWN = 200;

/** The pages of what a filter lets through; the newest one grows while it is looked at. */
const Pages = ({ company, filter }: { readonly company: string; readonly filter: LogFilter }) => {
  const [begins, setBegins] = useState<ReadonlyArray<string>>(['']);
  const begin = begins.at(-1);
  const isNewest = begins.length === 1;
  const at = `${path('companies', company)}/events`;
  const asked = {
    types: filter.types,
    person: filter.person?.userId,
    since: momentOf(filter.since),
    before: momentOf(filter.before),
  };
  const read = useRead<Events>(asking(at, { ...asked, from: begin, limit: `${PAGE}` }));
  const isLive = isNewest && asked.before === '' && !read.isPlaceholderData;
  const live = useLiveEvents({
    at,
    types: filter.types,
    person: asked.person ?? '',
    head: isLive ? read.data?.head : undefined,
    onBehind: () => void read.refetch(),
  });
  if (read.data === undefined) return read.error === null ? <Waiting /> : <Mistake refusal={read.error} />;
  const fresh = new Set(live.events.map(({ id }) => id));
  const events = [...live.events, ...read.data.events.filter(({ id }) => !fresh.has(id))].slice(0, SHOWN);
  return (
    <>
      <Mistake refusal={read.error} />
      <p className="small" role="status">
        {isNewest ? `Newest first. ${liveWords[live.state]}${came(live.events)}` : 'Newest first.'}
      </p>
      {events.length === 0 ? (
        <Nothing>There are no such events{read.data.next === null ? '' : ' among the newest'}.</Nothing>
      ) : (
        <Table company={company} events={events} />
      )}
      <PageButtons
        back="Newer"
        forth="Older"
        isFirst={isNewest}
        hasMore={read.data.next !== null}
        turn={(by) => setBegins((before) => (by === -1 ? before.slice(0, -1) : [...before, read.data.next ?? '']))}
      >
        <a className="button plain" href={download(asking(`${at}/file`, asked))}>
          Export these events
        </a>
      </PageButtons>
    </>
  );
};

/** The log, newest first: filtered, followed live, handed out, and proven. */
export const LogPage = ({ company }: { readonly company: string }) => {
  const [filter, setFilter] = useState(wholeLog);
  return (
    <>
      <Heading>Log</Heading>
      <LogFilters
        company={company}
        filter={filter}
        change={(parts) => setFilter((before) => ({ ...before, ...parts }))}
      />
      <Pages key={JSON.stringify(filter)} company={company} filter={filter} />
      <Checks company={company} />
    </>
  );
};
