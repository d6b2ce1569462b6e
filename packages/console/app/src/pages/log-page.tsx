import { useState } from 'react';
import { Link } from 'wouter';
import type { EventView } from '@learnamp/directory-sync';
import type { Events } from '../../../src/contract.js';
import { asking, download, path, useRead } from '../api.js';
import { useIsAdmin } from '../app.js';
import { Card, Heading, Mistake, Nothing, Waiting } from '../components/basics.js';
import { JobProgress, useJobs } from '../components/job-panel.js';
import { PageButtons } from '../components/page-buttons.js';
import { VerifyResult } from '../components/verify-result.js';
import { at, spaced } from '../words.js';

const groups = [
  ['', 'Everything'],
  ['UserJoinedGroup,UserLeftGroup', 'Joined and left'],
  ['CommandsDispatched,CommandSucceeded,CommandRejected,CommandDeferred,CommandParked', 'Commands'],
  ['CommandsHeld,HeldCommandsApproved,HeldCommandsRejected,HoldDissolved', 'Holds'],
  ['SyncStarted,SyncCompleted,SyncAborted,ResyncRequired', 'Syncs'],
  [
    'ConnectionCreated,ConnectionPaused,ConnectionResumed,ConnectionDisconnected,PreferencesChanged,ScopeGroupChanged,ConnectionSettingsChanged,PersonErased',
    'Administration',
  ],
] as const;

const subjectsOf = ({ metadata }: EventView): ReadonlyArray<string> => {
  const subjects = (metadata as { readonly subjects?: unknown } | null)?.subjects;
  return Array.isArray(subjects) ? subjects.filter((each) => typeof each === 'string') : [];
};

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
          <Link key={id} className="id" href={`/${path('companies', company)}/people/${id}`}>
            {id}
          </Link>
        ))}
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
          Export as NDJSON
        </a>
      </div>
    </Card>
  );
};

/** The log, newest first: filtered, followed live, and proven. */
export const LogPage = ({ company }: { readonly company: string }) => {
  const [types, setTypes] = useState('');
  const [person, setPerson] = useState('');
  const [begins, setBegins] = useState<ReadonlyArray<string>>(['']);
  const begin = begins.at(-1);
  const isNewest = begins.length === 1;
  const events = useRead<Events>(
    asking(`${path('companies', company)}/events`, { types, person, from: begin, limit: '50' }),
    isNewest ? 3_000 : false,
  );
  const look = (change: () => void): void => {
    setBegins(['']);
    change();
  };
  return (
    <>
      <Heading>Log</Heading>
      <form className="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          What
          <select value={types} onChange={(event) => look(() => setTypes(event.target.value))}>
            {groups.map(([value, title]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label>
          Person
          <input
            value={person}
            placeholder="Object id"
            onChange={(event) => look(() => setPerson(event.target.value.trim()))}
          />
        </label>
        <p className="small">{isNewest ? 'Newest first; new events appear by themselves.' : 'Newest first.'}</p>
      </form>
      <Mistake refusal={events.error} />
      {events.data === undefined ? (
        events.error === null ? (
          <Waiting />
        ) : null
      ) : events.data.events.length === 0 ? (
        <Nothing>There are no such events{events.data.next === null ? '' : ' among the newest'}.</Nothing>
      ) : (
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
              {events.data.events.map((event) => (
                <Event key={event.id} company={company} event={event} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <PageButtons
        back="Newer"
        forth="Older"
        isFirst={isNewest}
        hasMore={events.data !== undefined && events.data.next !== null}
        turn={(by) => setBegins((before) => (by === -1 ? before.slice(0, -1) : [...before, events.data?.next ?? '']))}
      />
      <Checks company={company} />
    </>
  );
};
