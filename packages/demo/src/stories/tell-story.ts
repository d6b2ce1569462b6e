import { CheckFailed, makeCheck } from '../check.js';
import { makeNarrator } from '../narrator.js';
import { emptiedStory } from './emptied.js';
import { mistakeStory } from './mistake.js';
import { onePercentStory } from './one-percent.js';
import { openCompany, type Company } from './open-company.js';
import { outageStory } from './outage.js';
import { permissionStory } from './permission.js';
import { count, makeStoryScene, type StoryScene } from './story-scene.js';

type Story = {
  readonly title: string;
  /** In the group, unless the caller wants another number. */
  readonly people: number;
  readonly tell: (scene: StoryScene) => Promise<void>;
};

export const stories = {
  mistake: { title: 'Nearly everybody is removed from the group by mistake', people: 5_050, tell: mistakeStory },
  leak: { title: 'One in a hundred disappears from the group each hour', people: 5_000, tell: onePercentStory },
  emptied: { title: 'The group is emptied', people: 5_000, tell: emptiedStory },
  permission: { title: 'A permission is withdrawn', people: 5_000, tell: permissionStory },
  outage: { title: 'Microsoft Graph is down', people: 5_000, tell: outageStory },
} as const satisfies Readonly<Record<string, Story>>;

export type StoryName = keyof typeof stories;
export const isStory = (name: string): name is StoryName => Object.hasOwn(stories, name);

export type StoryOptions = {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly colour: boolean;
  readonly people?: number | undefined;
  /** Without what holds deactivations back: then a story about it must fail. */
  readonly unprotected?: boolean | undefined;
};

const tell = async (company: Company, { title, tell: told }: Story, options: StoryOptions): Promise<void> => {
  const narrator = makeNarrator(options.write, options.colour);
  const { people } = company;
  narrator.title(title);
  narrator.say(
    `Fabrikam has ${count(people.length)} people in its group. The engine and its clients are the real ones; both systems are ` +
      'played in this process, the log is in memory, and hours pass in no time.',
  );
  const scene = makeStoryScene(company, narrator, makeCheck(narrator));
  narrator.step('Before', 'Everybody gets an account.');
  const first = await scene.sync();
  scene.check('Everybody has one.', first.exitCode === 0 && first.people.linked === people.length);
  await told(scene);
};

/** Tells one story. 0: all checks held; 1: one did not, in a sentence. */
export const tellStory = async (name: StoryName, options: StoryOptions): Promise<0 | 1> => {
  const started = performance.now();
  const company = await openCompany(options.people ?? stories[name].people, options.unprotected);
  try {
    await tell(company, stories[name], options);
    options.write(`\n   Everything held, in ${Math.round((performance.now() - started) / 1000)} s.\n`);
    return 0;
  } catch (problem) {
    const message = problem instanceof Error ? problem.message : String(problem);
    const sentence = problem instanceof CheckFailed ? message : `The story could not go on: ${message}`;
    makeNarrator(options.writeError, options.colour).failed(sentence);
    return 1;
  } finally {
    await company.close();
  }
};
