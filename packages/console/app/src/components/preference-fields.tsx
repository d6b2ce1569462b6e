import type { Preferences } from '@learnamp/directory-sync';
import { Card } from './basics.js';
import { NumberField } from './number-field.js';
import type { Change } from './settings-draft.js';
import { TypedList } from './typed-list.js';

type Part = { readonly shown: Preferences; readonly set: Change };

const switches = [
  [
    'assignOverrideManagers',
    'Assign override manager using Manager/Direct Reports in AzureAD',
    'Team managers are never touched. Switching it off clears nothing.',
  ],
  ['syncPhotos', 'Photos become avatars', 'At the next sync, or by the daily full one.'],
  ['clearRemovedPhotos', 'Take away photos that were removed in Entra', 'Otherwise the avatar stays.'],
  [
    'adoptByEmail',
    'Link accounts that are there already',
    'An account with the same address is linked and updated, without an invitation. Otherwise it is reported.',
  ],
] as const;

const choices = [
  [
    'invitations',
    'Invitations',
    [
      ['immediate', 'Invite new people at once'],
      ['manual', 'Invite by hand in Learn Amp, later'],
      ['hire-date', 'Invite on the hire date (where Learn Amp itself runs the sync)'],
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

type SwitchKey = (typeof switches)[number][0] | 'deactivateBlockedAccounts';

const Switch = ({
  name,
  title,
  explains,
  shown,
  set,
}: Part & { readonly name: SwitchKey; readonly title: string; readonly explains: string }) => (
  <label className="switch">
    <input type="checkbox" checked={shown[name]} onChange={(event) => set({ [name]: event.target.checked })} />
    <span>
      {title}
      <span className="small"> {explains}</span>
    </span>
  </label>
);

const slotOf = ({ externalId }: Preferences): 'integrationExternalId' | 'customField' | 'none' =>
  typeof externalId === 'object' ? 'customField' : externalId;

/** Where Learn Amp keeps the id by which people are known again. */
const ExternalId = ({ shown, set }: Part) => (
  <>
    <label>
      Where Learn Amp keeps each person’s Entra id
      <select
        value={slotOf(shown)}
        onChange={({ target: { value } }) =>
          set({
            externalId:
              value === 'integrationExternalId' || value === 'none' ? value : { customField: 'Entra object id' },
          })
        }
      >
        <option value="integrationExternalId">In the integration id of the account</option>
        <option value="customField">In a custom field</option>
        <option value="none">Nowhere: people are linked by the log alone</option>
      </select>
    </label>
    {typeof shown.externalId === 'object' ? (
      <label>
        Name of that custom field
        <input
          value={shown.externalId.customField}
          onChange={(event) => set({ externalId: { customField: event.target.value } })}
        />
      </label>
    ) : null}
  </>
);

export const WhatIsSynced = ({ shown, set, title: heading = 'What is synced' }: Part & { readonly title?: string }) => (
  <Card title={heading}>
    {switches.map(([name, title, explains]) => (
      <Switch key={name} name={name} title={title} explains={explains} shown={shown} set={set} />
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
    <ExternalId shown={shown} set={set} />
  </Card>
);

export const WhoLeaves = ({ shown, set }: Part) => (
  <Card title="Who is deactivated">
    <p className="small">Whoever leaves the group is deactivated once it is certain that they left.</p>
    <Switch
      name="deactivateBlockedAccounts"
      title="Deactivate people whose sign-in is blocked"
      explains="Otherwise only leaving the group deactivates."
      shown={shown}
      set={set}
    />
    <NumberField
      label="Further reads that must confirm a leaver before the deactivation"
      value={shown.graceRounds}
      onChange={(graceRounds) => set({ graceRounds })}
    />
    <label htmlFor="never-deactivate">Never deactivated, whatever happens: one e-mail or object id on each line</label>
    <TypedList
      id="never-deactivate"
      lines
      value={shown.neverDeactivate}
      onChange={(neverDeactivate) => set({ neverDeactivate })}
    />
    <label className="switch">
      <input
        type="checkbox"
        checked={shown.eraseLeaversAfterMonths !== null}
        onChange={(event) => set({ eraseLeaversAfterMonths: event.target.checked ? 12 : null })}
      />
      <span>
        Erase what is known of people who left
        <span className="small"> Their data in the log is made unreadable for good; Learn Amp keeps its account.</span>
      </span>
    </label>
    {shown.eraseLeaversAfterMonths === null ? null : (
      <NumberField
        label="Months after their deactivation"
        value={shown.eraseLeaversAfterMonths}
        onChange={(eraseLeaversAfterMonths) => set({ eraseLeaversAfterMonths })}
      />
    )}
  </Card>
);

const deactivationLimits = [
  ['windowHours', 'Within so many hours', false],
  ['count', 'so many people or more', false],
  ['largeShare', 'or, in a large company, more than so many per cent', true],
  ['largeShareFrom', 'when that is at least so many people', false],
  ['smallShare', 'or more than so many per cent', true],
  ['smallShareFrom', 'when that is at least so many people (in a small company)', false],
] as const;

const creationLimits = [
  ['count', 'More than so many people at once', false],
  ['share', 'and more than so many per cent of everybody', true],
] as const;

export const Holds = ({ shown, set }: Part) => (
  <Card title="When somebody is asked first">
    <p className="small">Above these limits nobody is deactivated or created before an admin approves it.</p>
    <label className="switch">
      <input
        type="checkbox"
        checked={shown.deactivationHold.enabled}
        onChange={(event) => set({ deactivationHold: { ...shown.deactivationHold, enabled: event.target.checked } })}
      />
      <span>
        Hold deactivations
        <span className="small"> Without it a mistake in Entra deactivates everybody it touches.</span>
      </span>
    </label>
    <div className="columns">
      {deactivationLimits.map(([key, label, percent]) => (
        <NumberField
          key={key}
          label={label}
          percent={percent}
          value={shown.deactivationHold[key]}
          onChange={(value) => set({ deactivationHold: { ...shown.deactivationHold, [key]: value } })}
        />
      ))}
    </div>
    <label className="switch">
      <input
        type="checkbox"
        checked={shown.creationHold.enabled}
        onChange={(event) => set({ creationHold: { ...shown.creationHold, enabled: event.target.checked } })}
      />
      <span>
        Hold creations
        <span className="small"> After the first sync.</span>
      </span>
    </label>
    <div className="columns">
      {creationLimits.map(([key, label, percent]) => (
        <NumberField
          key={key}
          label={label}
          percent={percent}
          value={shown.creationHold[key]}
          onChange={(value) => set({ creationHold: { ...shown.creationHold, [key]: value } })}
        />
      ))}
    </div>
  </Card>
);
