import { useState } from 'react';
import { Link } from 'wouter';
import type { Preferences } from '@learnamp/directory-sync';
import type { CompanyDetails, ConsentBegun, Settings } from '../../../src/contract.js';
import { change, path, useChange } from '../api.js';
import { useIsAdmin } from '../app.js';
import { Badge, Card, Heading, Mistake, Nothing, Waiting } from '../components/basics.js';
import { CheckLines } from '../components/check-lines.js';
import { ConsentAnswer } from '../components/consent-answer.js';
import { JobProgress, useJobs } from '../components/job-panel.js';
import { WhatIsSynced } from '../components/preference-fields.js';
import { PreviewButton, PreviewOutcome } from '../components/preview-step.js';
import { SavedWords } from '../components/saved-words.js';
import { type SettingsDraft, useSettingsDraft } from '../components/settings-draft.js';
import { SyncOutcome } from '../components/sync-outcome.js';

type Part = { readonly company: string; readonly draft: SettingsDraft; readonly saved: Settings };

const Ids = ({ draft, saved, disabled }: Part & { readonly disabled: boolean }) => (
  <fieldset disabled={disabled}>
    <legend className="visually-hidden">Tenant and group</legend>
    <Card title="1. Tenant">
      <label>
        Tenant ID
        <input
          value={draft.tenantId}
          readOnly={saved.hasBegun}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => draft.setIds({ tenantId: event.target.value })}
        />
      </label>
      <p className="small">
        {saved.hasBegun
          ? 'What was recorded belongs to this tenant: another tenant is another connection.'
          : 'Entra admin centre, Overview: "Tenant ID".'}
      </p>
    </Card>
    <Card title="2. Group">
      <label>
        Object ID of the group
        <input
          value={draft.groupId}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => draft.setIds({ groupId: event.target.value })}
        />
      </label>
      <p className="small">
        Entra admin centre, Groups, the group, Overview: "Object ID". Its members, and those of groups within it, have
        accounts.
      </p>
    </Card>
  </fieldset>
);

/** Asks Entra about these ids, whether they are saved or not. */
const Check = ({ company, draft, isAdmin }: Part & { readonly isAdmin: boolean }) => {
  const { of, isRunning, begin, stop } = useJobs(company);
  const { tenantId, groupId } = draft;
  return (
    <Card title="Check tenant and group">
      {isAdmin ? (
        <button
          type="button"
          className="plain"
          disabled={tenantId.trim() === '' || groupId.trim() === '' || isRunning('check')}
          onClick={() => begin.mutate({ kind: 'check', tenantId, groupId })}
        >
          Check the group
        </button>
      ) : null}
      <Mistake refusal={begin.error} />
      <JobProgress job={of('check')} stop={() => stop.mutate('check')} />
      <CheckLines job={of('check')} />
    </Card>
  );
};

/** The app's own credential is none of this page: it stays where the host keeps its secrets. */
const Authorise = ({ company, draft, saved: { application } }: Part) => {
  const begin = useChange((tenantId: string) =>
    change<ConsentBegun>('POST', `${path('companies', company)}/consent`, { tenantId }),
  );
  if (application === null)
    return (
      <Card title="3. Authorise">
        <Nothing>How the app signs in is decided where the connection is configured.</Nothing>
      </Card>
    );
  return (
    <Card title="3. Authorise">
      <p>
        An administrator of the tenant lets the app <code>{application.clientId}</code> read people and groups. The app
        registration names <code>{application.redirectUri}</code> as a redirect address (platform Web). Secrets and
        certificates of the app are neither entered nor shown here.
      </p>
      <button
        type="button"
        className="plain"
        disabled={draft.tenantId.trim() === '' || begin.isPending}
        onClick={() => begin.mutate(draft.tenantId)}
      >
        Begin the consent
      </button>
      <Mistake refusal={begin.error} />
      {begin.data === undefined ? null : (
        <>
          <p>
            <a href={begin.data.url} rel="noreferrer">
              Open Microsoft’s page as an administrator
            </a>
            , or send its address to one. It holds for an hour.
          </p>
          <details>
            <summary>Somebody else opened it</summary>
            <ConsentAnswer />
          </details>
        </>
      )}
    </Card>
  );
};

const Decide = ({ draft, shown, company }: Part & { readonly shown: Preferences }) => (
  <>
    <WhatIsSynced shown={shown} set={draft.set} key={draft.round} title="4. Preferences" />
    <Card title="Save">
      <p>
        Saving sends nothing by itself. Mapping, leavers and holds are on the page{' '}
        <Link href={`/${path('companies', company)}/preferences`}>Preferences</Link>.
      </p>
      {draft.saved?.version === null ? (
        <Nothing>Settings are kept where the connection is configured: change them there.</Nothing>
      ) : (
        <button type="button" disabled={!draft.isChanged || draft.save.isPending} onClick={() => draft.save.mutate()}>
          Save
        </button>
      )}
      <SavedWords save={draft.save} />
    </Card>
  </>
);

const Start = ({ company, isAdmin, isFirst }: { company: string; isAdmin: boolean; isFirst: boolean }) => {
  const jobs = useJobs(company);
  const isPreviewed = jobs.of('preview')?.result !== null && jobs.of('preview') !== undefined;
  return (
    <>
      <Card title="5. Preview">
        <p>Reads both sides, and shows what the sync would do. Nothing is written anywhere.</p>
        {isAdmin ? <PreviewButton jobs={jobs} /> : null}
        <PreviewOutcome company={company} jobs={jobs} />
      </Card>
      <Card title="6. Start">
        {isAdmin ? (
          <>
            <p>
              {isPreviewed
                ? 'The sync does what the preview shows, by what both sides hold at that moment.'
                : 'Look at the preview first: a sync makes accounts, and may invite people.'}
            </p>
            <button type="button" disabled={jobs.isRunning('sync')} onClick={() => jobs.begin.mutate({ kind: 'sync' })}>
              {isFirst ? 'Start the first sync' : 'Sync users'}
            </button>
          </>
        ) : null}
        <SyncOutcome jobs={jobs} />
      </Card>
    </>
  );
};

/** A connection from nothing to its first sync, in the order of the quick start. */
export const SetUpPage = ({ company }: { readonly company: CompanyDetails }) => {
  const { connectionId } = company;
  const isAdmin = useIsAdmin();
  const draft = useSettingsDraft(connectionId);
  const [wasFirst] = useState(company.status?.lastSync ?? null);
  const { saved, preferences, read } = draft;
  if (saved === undefined || preferences === undefined)
    return read.error === null ? <Waiting /> : <Mistake refusal={read.error} />;
  const part = { company: connectionId, draft, saved };
  return (
    <>
      <Heading
        aside={<Badge tone={saved.isSetUp ? 'good' : 'info'}>{saved.isSetUp ? 'Set up' : 'Not set up yet'}</Badge>}
      >
        Set up
      </Heading>
      <Ids {...part} disabled={!isAdmin} />
      <Check {...part} isAdmin={isAdmin} />
      {isAdmin ? <Authorise {...part} /> : null}
      <fieldset disabled={!isAdmin}>
        <legend className="visually-hidden">Preferences</legend>
        <Decide {...part} shown={preferences} />
      </fieldset>
      {saved.isSetUp ? (
        <Start company={connectionId} isAdmin={isAdmin} isFirst={wasFirst === null} />
      ) : (
        <Nothing>Once tenant and group are saved, the first sync can be previewed and started here.</Nothing>
      )}
    </>
  );
};
