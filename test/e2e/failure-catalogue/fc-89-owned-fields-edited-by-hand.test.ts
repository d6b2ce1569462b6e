import { describe, expect, it } from 'vitest';
import { attentionOf, facts, news, none, succeeded } from '../../support/report.js';
import { idOf } from '../../support/simulator-settings.js';
import { calm, openStage, type Stage, type StageOptions } from '../../support/stage.js';

const preferences = { customFields: { employeeId: 'Staff no' } };

/** Ann, whom Ben manages, with a value in everything that this connection owns. */
const openDrifted = async (options: StageOptions = {}) => {
  const stage = await openStage({
    graph: calm,
    learnAmp: { customFields: [{ name: 'Staff no' }, { name: 'Shoe size' }] },
    preferences,
    ...options,
  });
  const ben = stage.hire('Ben Ode', { department: 'Sales' });
  const ann = stage.hire('Ann Lee', {
    jobTitle: 'Engineer',
    department: 'Sales',
    officeLocation: 'Leeds',
    preferredLanguage: 'fr-FR',
    employeeHireDate: '2024-05-06T00:00:00Z',
    employeeId: '77',
  });
  stage.directory.setManager(ann, ben);
  const crew = stage.crew(12);
  await stage.sync();
  await stage.sync({ full: true });
  stage.newWrites();
  return { stage, ann, ben, crew };
};

const edit = (stage: Stage, userId: string, patch: Parameters<Stage['learnAmp']['updateAccount']>[1]): void => {
  stage.learnAmp.updateAccount(stage.account(userId).id, patch);
};

const driftOf = async (stage: Stage): Promise<ReadonlyArray<unknown>> =>
  (await stage.events('DriftDetected')).map(({ data }) => data);

describe('FC-89 owned fields edited by hand', () => {
  it('are put right by one look: the directory wins, once', async () => {
    const { stage, ann, crew } = await openDrifted();
    const before = stage.account(ann);
    const strangers = stage.account(crew[0] ?? '');
    edit(stage, ann, {
      firstName: 'Annie',
      lastName: 'Lea',
      jobTitle: 'Chief',
      department: 'Legal',
      location: 'Rome',
      language: 'de',
      hireDate: '2020-01-01',
      managerId: strangers.id,
      customFields: { ...before.customFields, 'Staff no': '13' },
    });
    // Nothing happened in Entra: a polled round is quiet.
    expect((await stage.sync()).events).toEqual({});
    const report = await stage.sync({ full: true });
    expect(succeeded(report)).toEqual({ UpdateProfile: 1, SetCustomFields: 1, SetOverrideManager: 1 });
    expect(facts(report)).toMatchObject({ LearnAmpUserObserved: 1, DriftDetected: 1 });
    expect(await driftOf(stage)).toEqual([
      {
        userId: ann,
        fields: [
          'firstName',
          'lastName',
          'jobTitle',
          'department',
          'location',
          'language',
          'hireDate',
          'custom:Staff no',
          'manager',
        ],
      },
    ]);
    expect(stage.account(ann)).toEqual({ ...before, updatedAt: expect.any(String) as string });
    stage.newWrites();
    expect(news(await stage.sync({ full: true }))).toEqual({});
    expect(stage.newWrites()).toEqual([]);
    await stage.checkInvariants();
  });

  it('a value that the directory emptied is emptied again', async () => {
    const { stage, ann } = await openDrifted();
    stage.directory.updateUser(ann, { jobTitle: null });
    await stage.sync();
    edit(stage, ann, { jobTitle: 'Chief' });
    expect(succeeded(await stage.sync({ full: true }))).toEqual({ UpdateProfile: 1 });
    expect(stage.account(ann).jobTitle).toBeNull();
  });

  it('what is not owned is not even compared: no event, no write, no change', async () => {
    const { stage, ann, crew } = await openDrifted({
      preferences: { ...preferences, attributes: { location: null }, assignOverrideManagers: false },
    });
    const strangers = stage.account(crew[0] ?? '');
    const second = stage.learnAmp.addTeam({ name: 'Choir' });
    edit(stage, ann, {
      location: 'Rome',
      timeZone: 'Europe/Rome',
      role: 'curator',
      managerId: strangers.id,
      secondaryTeamIds: [second.id],
      customFields: { ...stage.account(ann).customFields, 'Shoe size': '41' },
    });
    // Never had a title, nor a department, in Entra: what stands there is theirs.
    edit(stage, crew[0] ?? '', { jobTitle: 'Juggler', primaryTeamId: second.id });
    const edited = [stage.account(ann), stage.account(crew[0] ?? '')];
    expect(news(await stage.sync({ full: true }))).toEqual({});
    expect(stage.newWrites()).toEqual([]);
    expect([stage.account(ann), stage.account(crew[0] ?? '')]).toEqual(edited);
  });

  it('an override manager that was set by hand stays where the directory names none', async () => {
    const { stage, ann, ben, crew } = await openDrifted();
    const [dan = ''] = crew;
    edit(stage, dan, { managerId: stage.account(ben).id });
    expect(news(await stage.sync({ full: true }))).toEqual({});
    expect(stage.account(dan).managerId).toBe(stage.account(ben).id);
    // Ours was replaced by hand and then taken away in Entra: theirs stays.
    edit(stage, ann, { managerId: stage.account(dan).id });
    stage.directory.clearManager(ann);
    expect(succeeded(await stage.sync({ full: true }))).toEqual({});
    expect(stage.managerOf(ann)?.id).toBe(stage.account(dan).id);
  });

  it('an account with another address is parked and told, whoever has it now, until the directory changes', async () => {
    const { stage, ann } = await openDrifted();
    edit(stage, ann, { email: 'somebody.else@fabrikam.example' });
    const report = await stage.sync({ full: true });
    expect(report.exitCode).toBe(4);
    expect(attentionOf(report, ann)).toEqual(['parked: address-changed-at-learn-amp']);
    expect(await driftOf(stage)).toEqual([{ userId: ann, fields: ['email'] }]);
    expect(stage.newWrites()).toEqual([]);
    // All else of theirs goes on, and takes nothing back in passing.
    stage.directory.updateUser(ann, { jobTitle: 'Architect' });
    expect(succeeded(await stage.sync())).toEqual({ UpdateProfile: 1 });
    expect(stage.learnAmp.accountByExternalId(ann)).toMatchObject({
      email: 'somebody.else@fabrikam.example',
      jobTitle: 'Architect',
    });
  });

  it('and is written over only for whom somebody named: trying everybody again leaves it', async () => {
    const { stage, ann } = await openDrifted();
    edit(stage, ann, { email: 'somebody.else@fabrikam.example' });
    await stage.sync({ full: true });
    const by = { by: 'Eve', reason: 'seats were bought' };
    expect(await stage.engine().retry(by)).toMatchObject({ userIds: [], byName: [ann], notParked: [] });
    expect((await stage.sync()).exitCode).toBe(4);
    expect(stage.newWrites()).toEqual([]);
    expect(await stage.engine().retry({ ...by, userIds: [idOf(ann)] })).toMatchObject({ userIds: [ann], byName: [] });
    expect(succeeded(await stage.sync())).toEqual({ ChangeEmail: 1 });
  });

  it('nor when it is seen in passing, because a report waits for its manager', async () => {
    const { stage, ben, crew } = await openDrifted();
    edit(stage, ben, { email: 'somebody.else@fabrikam.example', status: 'deactivated' });
    stage.simulator.faults.add({
      system: 'learnAmp',
      method: 'PUT',
      times: 1,
      match: ({ body }) => /managerId/.test(body.toString()),
      action: {
        status: 400,
        body: { message: 'managerId is invalid', errors: { managerId: ['is not an active user'] } },
      },
    });
    stage.directory.setManager(crew[0] ?? '', ben);
    await stage.sync();
    await stage.sync();
    expect(stage.learnAmp.accountByExternalId(ben)?.email).toBe('somebody.else@fabrikam.example');
    expect(attentionOf(await stage.sync(), ben)).toEqual(['parked: address-changed-at-learn-amp']);
  });

  it('and ends being parked when somebody puts the address back', async () => {
    const { stage, ann } = await openDrifted();
    const { id, email } = stage.account(ann);
    stage.learnAmp.updateAccount(id, { email: 'somebody.else@fabrikam.example' });
    expect((await stage.sync({ full: true })).exitCode).toBe(4);
    stage.learnAmp.updateAccount(id, { email });
    expect(await stage.sync({ full: true })).toMatchObject({ exitCode: 0, commands: none });
    stage.directory.updateUser(ann, { userPrincipalName: 'ann.oak@fabrikam.example' });
    expect(succeeded(await stage.sync())).toEqual({ ChangeEmail: 1 });
  });

  it('who is in the group and was deactivated by hand is active again after the look', async () => {
    const { stage, ann } = await openDrifted();
    stage.learnAmp.updateAccount(stage.account(ann).id, { status: 'deactivated' });
    const report = await stage.sync({ full: true });
    expect(succeeded(report)).toMatchObject({ ReactivateUser: 1 });
    expect(await driftOf(stage)).toEqual([{ userId: ann, fields: ['status'] }]);
    expect(stage.account(ann).status).toBe('confirmed');
    expect(stage.learnAmp.invitations()).toEqual([]);
  });

  it('who left and was reactivated by hand is deactivated again', async () => {
    const { stage, ann } = await openDrifted();
    stage.leave(ann);
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 1 });
    edit(stage, ann, { status: 'confirmed' });
    expect(await stage.sync()).toMatchObject({ commands: none });
    const report = await stage.sync({ full: true });
    expect(succeeded(report)).toEqual({ DeactivateUser: 1 });
    expect(await driftOf(stage)).toEqual([{ userId: ann, fields: ['status'] }]);
    expect(stage.account(ann).status).toBe('deactivated');
    await stage.checkInvariants();
  });

  it('which counts for the hold as any deactivation: together with one who leaves they cross the line', async () => {
    const { stage, ann, crew } = await openDrifted();
    const gone = crew.slice(0, 4);
    for (const id of gone) stage.leave(id);
    expect(succeeded(await stage.sync())).toEqual({ DeactivateUser: 4 });
    for (const id of gone) edit(stage, id, { status: 'confirmed' });
    stage.leave(ann);
    stage.newWrites();
    const report = await stage.sync({ full: true });
    expect(report).toMatchObject({ exitCode: 3, people: { held: 5 } });
    expect(stage.newWrites()).toEqual([]);
  });
});

describe('a text that Learn Amp makes another of each time', () => {
  const normalised = (stage: Stage, ann: string): void => edit(stage, ann, { jobTitle: 'ENGINEER', lastName: 'LEE' });
  const told = ['parked: not-kept-by-learn-amp (lastName, jobTitle)'];

  /** Written, and shown otherwise, as often as it is written at all. */
  const openNormalised = async () => {
    const { stage, ann } = await openDrifted();
    for (let look = 1; look < 3; look++) {
      normalised(stage, ann);
      expect(succeeded(await stage.sync({ full: true }))).toEqual({ UpdateProfile: 1 });
    }
    normalised(stage, ann);
    const third = await stage.sync({ full: true });
    expect(succeeded(third)).toEqual({});
    expect(attentionOf(third, ann)).toEqual(told);
    return { stage, ann };
  };

  it('is written no fourth time, and told while it stands; other fields are written as ever', async () => {
    const { stage, ann } = await openNormalised();
    const quiet = await stage.sync({ full: true });
    expect(news(quiet)).toEqual({});
    expect(quiet).toMatchObject({ exitCode: 4 });
    expect(attentionOf(quiet, ann)).toEqual(told);
    const [parked] = (await stage.engine().parked()).people;
    expect(parked).toMatchObject({ userId: ann, since: expect.any(String) as string });
    expect(parked?.waits[0]?.says).toMatch(/showed what was written otherwise each time \(lastName, jobTitle\)/);
    stage.directory.updateUser(ann, { officeLocation: 'Paris' });
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'ENGINEER', lastName: 'LEE', location: 'Paris' });
    expect(await stage.engine().verify()).toMatchObject({ ok: true });
  });

  it('is written again with another value in Entra, or when Learn Amp shows another one', async () => {
    const { stage, ann } = await openNormalised();
    stage.directory.updateUser(ann, { jobTitle: 'Writer' });
    await stage.sync();
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Writer', lastName: 'LEE' });
    edit(stage, ann, { lastName: 'Leigh' });
    await stage.sync({ full: true });
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Writer', lastName: 'Lee' });
    expect(attentionOf(await stage.sync({ full: true }), ann)).toEqual([]);
  });

  it('is written again once somebody asks for it', async () => {
    const { stage, ann } = await openNormalised();
    await stage.engine().retry({ by: 'Olga', reason: 'it keeps capitals now' });
    expect(succeeded(await stage.sync())).toEqual({ UpdateProfile: 1 });
    expect(stage.account(ann)).toMatchObject({ jobTitle: 'Engineer', lastName: 'Lee' });
    expect(attentionOf(await stage.sync({ full: true }), ann)).toEqual([]);
  });

  it('is no text that somebody changes by hand now and then: that is put right each time', async () => {
    const { stage, ann } = await openDrifted();
    for (let month = 0; month < 6; month++) {
      normalised(stage, ann);
      await stage.sync({ full: true });
      expect(stage.account(ann)).toMatchObject({ jobTitle: 'Engineer', lastName: 'Lee' });
      expect(attentionOf(await stage.sync({ full: true }), ann)).toEqual([]);
    }
  });
});
