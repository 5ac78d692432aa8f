import prettier from 'eslint-config-prettier';
import { basename } from 'node:path';
import tseslint from 'typescript-eslint';

const specs = ['**/*.spec.ts', '**/*.journey.ts', 'test/**/*.ts'];

/** A name that could stand over anything says that what a file holds has not found its name. */
const tellingFileName = {
  meta: { type: 'problem', schema: [], messages: { vague: 'Name the file after the thing it holds, not "{{name}}".' } },
  create: (context) => ({
    Program(node) {
      const name = basename(context.filename);
      if (/(^|[.-])(utils?|helpers?|common|shared|managers?|misc)([.-]|$)/i.test(name)) {
        context.report({ node, messageId: 'vague', data: { name } });
      }
    },
  }),
};

const everywhere = [
  { selector: 'ExportDefaultDeclaration', message: 'No default export: a thing has one name everywhere.' },
  {
    selector: 'Identifier[name=/^(slaDate|clockStopped|clockPaused|ehcpFlow|approvedPlan|tenantId|isOverdue)$/]',
    message: 'The house has another word for this: see the table of names (the statute’s words first).',
  },
];
const settings = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Settings are read once, in config.ts.',
};
const timers = [
  {
    selector: "Property[key.name='after']",
    message: 'No delays in a machine: they are lost when a position is restored. A deadline is a row.',
  },
  { selector: "Property[key.name='invoke']", message: 'A workflow is pure: effects are named, not performed.' },
  {
    selector: 'CallExpression[callee.name=/^(spawn|spawnChild|fromPromise|fromCallback|fromObservable)$/]',
    message: 'A workflow is pure: it starts nothing.',
  },
];
const impure = [
  'process',
  'console',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'crypto',
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.data/**', 'coverage/**', '**/*.mjs', '**/*.cjs', '**/*.js'] },
  ...tseslint.configs.recommendedTypeChecked,
  prettier,
  {
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { send: { rules: { 'telling-file-name': tellingFileName } } },
    rules: {
      'send/telling-file-name': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // A method that an interface says is async, or that will only sometimes wait, is no mistake.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', ...everywhere, settings],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: [{ name: 'typeorm', importNames: ['DataSource'], message: 'Connections belong to libs/database.' }] },
      ],
    },
  },
  { files: ['libs/database/**/*.ts'], rules: { '@typescript-eslint/no-restricted-imports': 'off' } },
  { files: ['**/config.ts', ...specs], rules: { 'no-restricted-syntax': ['error', ...everywhere] } },
  // Jest takes these two by their default export.
  { files: ['test/run-setup.ts', 'test/run-teardown.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['libs/statute/**/*.ts', 'workflows/**/*.ts'],
    ignores: specs,
    rules: {
      'no-restricted-globals': ['error', 'Date', ...impure],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'The same facts give the same answer.' },
      ],
    },
  },
  { files: ['libs/statute/**/day.ts'], rules: { 'no-restricted-globals': ['error', ...impure] } },
  {
    files: ['workflows/**/*.workflow.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, settings, ...timers] },
  },
  {
    files: specs,
    rules: {
      // Answers over HTTP and from the database are of any shape until the spec has looked at them.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
