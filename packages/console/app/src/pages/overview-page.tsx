import { useState } from 'react';
import { Link } from 'wouter';
import type { Status } from '@learnamp/directory-sync';
import type { Activity, CompanyDetails } from '../../../src/contract.js';
import { change, path, useChange, useRead } from '../api.js';
import { useIsAdmin } from '../app.js';
import { ActivityChart } from '../components/activity-chart.js';
import { Card, Facts, Heading, Mistake, Nothing, Time } from '../components/basics.js';
import { useJobs } from '../components/job-panel.js';
import { PreviewButton, PreviewOutcome } from '../components/preview-step.js';
import { ReasonDialog } from '../components/reason-dialog.js';
import { Standing } from '../components/standing.js';
import { SyncOutcome } from '../components/sync-outcome.js';
import { count, counted } from '../words.js';

const webhookWords = {
  off: 'Off: changes come with polls',
  ok: 'Alive: changes come within minutes',
  'poll-only': 'Not alive: changes come with polls',
} as const;

const Problems = ({ status }: { readonly status: Status }) => (
  <>
    {status.live.lastError === null ? null : <p className="mistake">{status.live.lastError.message}</p>}
    {status.live.webhook.problem === null ? null : <p className="mistake">{status.live.webhook.problem}</p>}
    {status.credentialExpiresAt === undefined ? null : (
      <p className="small">
        The Entra credential ends <Time moment={status.credentialExpiresAt} />.
      </p>
    )}
  </>
);

const people = [
  ['active', 'linked', 'Linked to an account'],
  ['waiting', 'waiting', 'Waiting for an account'],
  ['held', 'held', 'Waiting for a decision'],
  ['parked', 'parked', 'Need attention'],
] as const;

const PeopleCard = ({ company, status }: { readonly company: string; readonly status: Status }) => (
  <Card title="People">
    <p className="big">{counted(status.people.inScope, 'person', 'people')} in the group</p>
    <ul className="tiles">
      {people.map(([filter, key, words]) => (
        <li key={key}>
          <Link href={`/${path('companies', company)}/people?status=${filter}`}>
            <strong>{count(status.people[key])}</strong>
            <span>{words}</span>
          </Link>
        </li>
      ))}
    </ul>
  </Card>
);

/** Syncs now, or shows what a sync would do. */
const SyncCard = ({ company, status }: { readonly company: string; readonly status: Status }) => {
  const jobs = useJobs(company);
  const { isRunning, begin } = jobs;
  const isAdmin = useIsAdmin();
  const isBusy = isRunning('sync') || isRunning('full-sync');
  return (
    <Card title="Sync">
      <Facts
        facts={[
          ['Last sync', <Time key="last" moment={status.lastSync?.at} />],
          [
            'Next sync',
            status.live.nextSyncAt === null ? (
              'when somebody asks'
            ) : (
              <Time key="next" moment={status.live.nextSyncAt} />
            ),
          ],
          ['Directory read whole', <Time key="fresh" moment={status.freshness?.roundAt} />],
          ['Notifications', webhookWords[status.live.webhook.state]],
        ]}
      />
      <Problems status={status} />
      <SyncOutcome jobs={jobs} />
      {isAdmin ? (
        <div className="buttons">
          <button type="button" disabled={isBusy || status.paused} onClick={() => begin.mutate({ kind: 'sync' })}>
            Sync users
          </button>
          <button
            type="button"
            className="plain"
            disabled={isBusy || status.paused}
            onClick={() => begin.mutate({ kind: 'full-sync' })}
          >
            Full sync
          </button>
          <PreviewButton jobs={jobs} />
          <PauseButton company={company} status={status} />
        </div>
      ) : null}
      <PreviewOutcome company={company} jobs={jobs} />
    </Card>
  );
};

const PauseButton = ({ company, status }: { readonly company: string; readonly status: Status }) => {
  const [isAsking, setAsking] = useState(false);
  const act = status.paused ? 'resume' : 'pause';
  const decide = useChange((reason: string) => change('POST', `${path('companies', company)}/${act}`, { reason }));
  return (
    <>
      <button type="button" className="plain" onClick={() => setAsking(true)}>
        {status.paused ? 'Resume' : 'Pause'}
      </button>
      {isAsking ? (
        <ReasonDialog
          title={status.paused ? 'Resume this connection?' : 'Pause this connection?'}
          confirm={status.paused ? 'Resume' : 'Pause'}
          onConfirm={(reason) => decide.mutate(reason)}
          onClose={() => setAsking(false)}
        >
          <p>
            {status.paused
              ? 'It is due at once, and takes up what changed meanwhile.'
              : 'Nothing more is read or sent until somebody resumes it. Everybody keeps their account.'}
          </p>
        </ReasonDialog>
      ) : null}
    </>
  );
};

const WaitsCard = ({ company, status }: { readonly company: string; readonly status: Status }) => {
  const { held, parked } = status.people;
  if (held + parked === 0) return null;
  return (
    <Card title="Waits for somebody">
      <ul>
        {held === 0 ? null : (
          <li>
            <Link href={`/${path('companies', company)}/holds`}>{counted(held, 'person is', 'people are')} held</Link>:
            decide whether they are to be deactivated or created.
          </li>
        )}
        {parked === 0 ? null : (
          <li>
            <Link href={`/${path('companies', company)}/attention`}>
              {counted(parked, 'person needs', 'people need')} attention
            </Link>
            : something about them cannot be delivered as it is.
          </li>
        )}
      </ul>
    </Card>
  );
};

/** One company: how it stands, what waits, and what happened. */
export const OverviewPage = ({ company }: { readonly company: CompanyDetails }) => {
  const { connectionId, name, status, problem } = company;
  const activity = useRead<Activity>(`${path('companies', connectionId)}/activity?days=30`, 30_000);
  return (
    <>
      <Heading aside={<Standing status={status} problem={problem} />}>{name}</Heading>
      {status === null ? null : (
        <>
          <WaitsCard company={connectionId} status={status} />
          <div className="grid">
            <PeopleCard company={connectionId} status={status} />
            <SyncCard company={connectionId} status={status} />
          </div>
        </>
      )}
      <Card title="Changes in the last 30 days">
        {activity.data === undefined ? (
          <Mistake refusal={activity.error} />
        ) : activity.data.days.every(({ events }) => Object.keys(events).length === 0) ? (
          <Nothing>Nothing was recorded yet.</Nothing>
        ) : (
          <ActivityChart days={activity.data.days} />
        )}
      </Card>
      <Card title="Connection">
        <Facts
          facts={[
            ['Connection', <code key="id">{connectionId}</code>],
            ['Directory (tenant) id', <code key="tenant">{company.tenantId}</code>],
            ['Group object id', <code key="group">{company.groupId}</code>],
            ['Newest event', <code key="head">{status?.head === null ? 'none' : status?.head.revision}</code>],
          ]}
        />
      </Card>
    </>
  );
};
