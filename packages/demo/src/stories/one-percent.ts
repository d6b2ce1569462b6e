import { count, type StoryScene } from './story-scene.js';

/** The hold by default: more than 5 % within a day, from 20 people on. */
const SHARE = 0.05;
const FROM = 20;

/** A slow leak, too small for anybody to look up. */
export const onePercentStory = async (scene: StoryScene): Promise<void> => {
  const { simulator, people, narrator, check, sync, deactivations, harmless, passHours } = scene;
  const { directory, learnAmp, scopeGroupId } = simulator;
  const hourly = Math.ceil(people.length / 100);
  const limit = Math.max(Math.floor(people.length * SHARE), FROM - 1);
  const leaving = people.slice(1, 1 + 12 * hourly);

  narrator.step(
    'The leak',
    `For twelve hours ${count(hourly)} people disappear from the group each hour. At most 5 % may be deactivated within a day, here ${count(limit)}.`,
  );
  let exitCode = 0;
  for (let hour = 0; hour < 12; hour += 1) {
    for (const id of leaving.slice(hour * hourly, (hour + 1) * hourly)) directory.removeMember(scopeGroupId, id);
    ({ exitCode } = await sync());
    passHours(1);
  }
  const sent = deactivations();
  check(
    `${count(sent)} were deactivated, no more than ${count(limit)}; the plan that crossed the line waits as a whole, and so does all that came after it.`,
    exitCode === 3 && sent > 0 && sent <= limit,
    `exit code ${exitCode}, ${sent} deactivated`,
  );

  const change = harmless(people[0] ?? '');
  narrator.step('Work goes on', change.sentence);
  await sync();
  check('Both are in Learn Amp by the next sync.', change.isDelivered());

  narrator.step('A day later', 'The window of a day has passed. What is held stays held: time releases nobody.');
  passHours(25);
  const later = await sync();
  check('Nobody more was deactivated.', later.exitCode === 3 && deactivations() === sent);

  narrator.step('The members are put back', 'Nothing is approved and nothing cleaned up.');
  for (const id of leaving) directory.addMember(scopeGroupId, id);
  const after = await sync();
  check(
    `The hold dissolved, and the ${count(sent)} are active again.`,
    after.exitCode === 0 &&
      deactivations() === sent &&
      leaving.every((id) => learnAmp.accountByExternalId(id)?.status !== 'deactivated'),
    `exit code ${after.exitCode}, ${deactivations()} deactivated`,
  );
};
