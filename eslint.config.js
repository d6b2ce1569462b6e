import tseslint from 'typescript-eslint';

/** design: one direction of imports. What is not listed is an error. */
const scope = '@learnamp/directory-sync';
const arrows = {
  'event-sourcing': [],
  domain: ['event-sourcing'],
  'event-log-sqlite': ['event-sourcing'],
  'event-log-eventstoredb': ['event-sourcing'],
  graph: ['event-sourcing', 'domain'],
  'learn-amp': ['event-sourcing', 'domain'],
  engine: ['event-sourcing', 'event-log-sqlite', 'event-log-eventstoredb', 'domain', 'graph', 'learn-amp'],
  console: ['engine'],
  cli: ['engine', 'console'],
  simulator: [],
  demo: ['engine', 'cli', 'console', 'simulator'],
};
const packageName = (folder) => (folder === 'engine' ? scope : `${scope}-${folder}`);

const arrowRules = Object.entries(arrows).map(([folder, allowed]) => ({
  files: [`packages/${folder}/src/**/*.ts`],
  // The testing and conformance folders are used by tests of other packages; they follow the same arrows.
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...Object.keys(arrows)
            .filter((other) => !allowed.includes(other))
            .map((other) => ({
              regex: `^${packageName(other)}(/|$)`,
              message: `${folder} may not import ${other}: the arrows of the architecture point one way.`,
            })),
          { regex: '^(\\.\\./)+packages/', message: 'Import a package by its name.' },
          { regex: '^(fp-ts|io-ts)/(?!lib/)', message: "Import from 'fp-ts/lib/….js': two copies break identity." },
        ],
      },
    ],
  },
}));

const world = (message) => [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message },
  { selector: 'AwaitExpression', message },
];

export default tseslint.config(
  { ignores: ['**/dist/**', 'coverage/**', '**/bin/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.check.json', './packages/console/app/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      complexity: ['error', 14],
      'max-depth': ['error', 4],
      'max-lines': ['error', { max: 320, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  ...arrowRules,
  {
    files: ['packages/domain/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'fetch',
        'setTimeout',
        'setInterval',
        'crypto',
        'performance',
        'console',
      ],
      'no-restricted-syntax': ['error', ...world('The domain takes time, ids and randomness as arguments.')],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts', 'packages/simulator/**/*.ts', '**/*.bench.ts'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      complexity: 'off',
    },
  },
  {
    files: ['vitest.config.ts', 'eslint.config.js', 'packages/console/app/vite.config.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
