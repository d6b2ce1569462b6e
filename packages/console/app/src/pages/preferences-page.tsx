import { useState } from 'react';
import type { Preferences } from '@learnamp/directory-sync';
import type { Job, Settings } from '../../../src/contract.js';
import { change, path, useChange, useRead } from '../api.js';
import { useIsAdmin, useSession } from '../app.js';
import { Card, Heading, Mistake, Nothing, Waiting } from '../components/basics.js';
import { CommandTable } from '../components/command-table.js';
import { JobProgress, useJobs } from '../components/job-panel.js';
import { counted, spaced } from '../words.js';

type Change = (parts: Partial<Preferences>) => void;
type Part = { readonly shown: Preferences; readonly set: Change };

const switches = [
  [
    'assignOverrideManagers',
    'Assign override manager using Manager/Direct Reports in AzureAD',
    'Team managers are never touched.',
  ],
  ['syncPhotos', 'Photos become avatars', 'At the next sync, or by the daily full one.'],
  [
    'adoptByEmail',
    'Link accounts that are there already',
    'An account with the same address is linked and updated, without an invitation.',
  ],
  [
    'deactivateBlockedAccounts',
    'Deactivate people whose sign-in is blocked',
    'Otherwise only leaving the group deactivates.',
  ],
  ['clearRemovedPhotos', 'Take away photos that were removed in Entra', 'Otherwise the avatar stays.'],
] as const;

const choices = [
  [
    'invitations',
    'Invitations',
    [
      ['immediate', 'Invite new people at once'],
      ['manual', 'Invite by hand in Learn Amp, later'],
      ['hire-date', 'Invite on the hire date'],
    ],
  ],
  [
    'blanks',
    'A field that is emptied in Entra',
    [
      ['clear', 'is emptied in Learn Amp'],
      ['keep', 'keeps its value in Learn Amp'],
    ],
  ],
] as const;

const General = ({ shown, set }: Part) => (
  <Card title="What is synced">
    {switches.map(([key, title, explains]) => (
      <label key={key} className="switch">
        <input type="checkbox" checked={shown[key]} onChange={(event) => set({ [key]: event.target.checked })} />
        <span>
          {title}
          <span className="small"> {explains}</span>
        </span>
      </label>
    ))}
    {choices.map(([key, title, options]) => (
      <label key={key}>
        {title}
        <select value={shown[key]} onChange={(event) => set({ [key]: event.target.value })}>
          {options.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
    ))}
    <label>
      Time zone of hire dates
      <input value={shown.hireDateTimeZone} onChange={(event) => set({ hireDateTimeZone: event.target.value })} />
    </label>
  </Card>
);

/** Which attribute of Entra feeds which field of Learn Amp: the first that has a value counts. */
const Mapping = ({ shown, set }: Part) => (
  <Card title="Where each field comes from">
    <p className="small">
      Attributes of Microsoft Graph, in the order in which they are tried; empty switches the field off.
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">Learn Amp</th>
          <th scope="col">Entra</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(shown.attributes).map(([field, attributes]) => (
          <tr key={field}>
            <th scope="row" id={`field-${field}`}>
              {spaced(field)}
            </th>
            <td>
              <input
                aria-labelledby={`field-${field}`}
                value={attributes.join(', ')}
                onChange={(event) =>
                  set({
                    attributes: {
                      ...shown.attributes,
                      [field]: event.target.value
                        .split(',')
                        .map((name) => name.trim())
                        .filter((name) => name !== ''),
                    },
                  })
                }
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </Card>
);

const WhatIf = ({ company, job }: { readonly company: string; readonly job: Job | undefined }) => {
  if (job?.result?.kind !== 'what-if') return null;
  const { summary, commands, noLonger } = job.result;
  return (
    <div className="result" role="status">
      <p>
        <strong>
          {summary.people === 0
            ? 'Saving this would send nothing.'
            : `Saving this would send something for ${counted(summary.people, 'person', 'people')}.`}
        </strong>
      </p>
      <ul className="counts">
        {Object.entries(summary.commands).map(([kind, { sent, held }]) => (
          <li key={kind}>
            {spaced(kind)}: {sent}
            {held > 0 ? `, and ${held} held` : ''}
          </li>
        ))}
      </ul>
      {summary.notYetRead.length > 0 ? (
        <p>Not read so far: {summary.notYetRead.join(', ')}. The first sync after saving reads it.</p>
      ) : null}
      {commands.length > 0 ? <CommandTable company={company} commands={commands} total={commands.length} /> : null}
      {noLonger.length > 0 ? (
        <>
          <h3>No longer sent</h3>
          <CommandTable company={company} commands={noLonger} total={noLonger.length} />
        </>
      ) : null}
    </div>
  );
};

/** Every setting in the product's words, and what changing it would lead to. */
export const PreferencesPage = ({ company }: { readonly company: string }) => {
  const isAdmin = useIsAdmin();
  const saves = useSession()?.savesSettings === true;
  const settings = useRead<Settings>(`${path('companies', company)}/settings`);
  const saved = { ...settings, data: settings.data?.preferences };
  const [changed, setChanged] = useState<Partial<Preferences>>({});
  const { of, isRunning, begin } = useJobs(company);
  const save = useChange((preferences: Preferences) =>
    change('PUT', `${path('companies', company)}/settings`, { ...settings.data, preferences }),
  );
  if (saved.data === undefined) return saved.error === null ? <Waiting /> : <Mistake refusal={saved.error} />;
  const shown: Preferences = { ...saved.data, ...changed };
  const isChanged = JSON.stringify(shown) !== JSON.stringify(saved.data);
  const set: Change = (parts) => setChanged((before) => ({ ...before, ...parts }));
  return (
    <>
      <Heading>Preferences</Heading>
      <fieldset disabled={!isAdmin}>
        <legend className="visually-hidden">Preferences</legend>
        <General shown={shown} set={set} />
        <Mapping shown={shown} set={set} />
      </fieldset>
      {isAdmin ? (
        <Card title="Before saving">
          <p>See which commands would follow: nothing is sent, and nothing is saved.</p>
          <div className="buttons">
            <button
              type="button"
              disabled={!isChanged || isRunning('what-if')}
              onClick={() => begin.mutate({ kind: 'what-if', preferences: shown })}
            >
              What would happen
            </button>
            {saves ? (
              <button
                type="button"
                className="plain"
                disabled={!isChanged || save.isPending}
                onClick={() => save.mutate(shown)}
              >
                Save
              </button>
            ) : null}
            <button type="button" className="plain" disabled={!isChanged} onClick={() => setChanged({})}>
              Undo
            </button>
          </div>
          {saves ? null : (
            <Nothing>Preferences are kept where the connection is configured: change them there.</Nothing>
          )}
          <Mistake refusal={save.error ?? begin.error} />
          <JobProgress job={of('what-if')} />
          <WhatIf company={company} job={of('what-if')} />
        </Card>
      ) : null}
    </>
  );
};
