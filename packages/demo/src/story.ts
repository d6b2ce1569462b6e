import { isStory, stories, tellStory } from './stories/tell-story.js';

// `isTTY` is undefined where there is no terminal.
const isTerminal = (stream: { readonly isTTY?: boolean }): boolean => stream.isTTY === true;

// `npm run story -- mistake`: one of the five stories of docs/explanation/safety.md.
const [name = '', flag, size] = process.argv.slice(2);
const people = flag === '--people' ? Number(size) : undefined;

if (!isStory(name) || (flag !== undefined && !(Number.isInteger(people) && Number(people) >= 100))) {
  process.stderr.write(
    `Tell a story: npm run story -- NAME, where NAME is one of ${Object.keys(stories).join(', ')}. ` +
      '"--people N" makes another company of at least 100.\n',
  );
  process.exitCode = 2;
} else {
  const colour = isTerminal(process.stdout) && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  process.exitCode = await tellStory(name, {
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    colour,
    people,
  });
}
