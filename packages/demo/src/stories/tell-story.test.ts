import { expect, test } from 'vitest';
import { width } from '../layout.js';
import { type StoryName, stories, tellStory } from './tell-story.js';

const names = Object.keys(stories) as ReadonlyArray<StoryName>;

test.each(['mistake', 'leak', 'emptied'] as const)(
  'the story "%s" ends with 1 and a sentence where the hold is switched off: its checks can fail',
  { timeout: 120_000 },
  async (name) => {
    let problem = '';
    const code = await tellStory(name, {
      write: () => undefined,
      writeError: (text) => (problem += text),
      colour: false,
      people: 120,
      unprotected: true,
    });
    expect(code).toBe(1);
    expect(problem).toMatch(/^This should hold and does not: /);
  },
);

test.each(names)('the story "%s" holds in a company of 300', { timeout: 120_000 }, async (name) => {
  const heard = { out: '', problem: '' };
  const code = await tellStory(name, {
    write: (text) => (heard.out += text),
    writeError: (text) => (heard.problem += text),
    colour: false,
    people: 300,
  });
  expect(heard.problem).toBe('');
  expect(code).toBe(0);
  expect(heard.out).toContain('Everything held');
  expect(heard.out.split('\n').filter((line) => width(line) > 80)).toEqual([]);
});
