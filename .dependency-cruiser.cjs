// Who may import whom (docs/architecture.md). tools/boundaries.test.ts plants one violation of every rule here.
// `import type` leaves nothing at run time, so some rules let it through: see `exceptTypes`.
const exceptTypes = { dependencyTypesNot: ['type-only'] }
const tests = '\\.test\\.ts$'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'errors-import-nothing',
      comment: 'Everyone throws them, so they stand on nothing.',
      severity: 'error',
      from: { path: '^src/errors/', pathNot: tests },
      to: { path: '^src/', pathNot: '^src/errors/' },
    },
    {
      name: 'core-gets-values-as-arguments',
      comment: 'Rules run without SQL, HTTP and sockets: core takes values from core and errors only.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: tests },
      to: { path: '^src/', pathNot: '^src/(core|errors)/', ...exceptTypes },
    },
    {
      name: 'core-knows-few-types',
      comment: 'Of the outside, core knows the interfaces of store, messaging and audit.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: tests },
      to: { path: '^src/', pathNot: '^src/(core|errors|store|messaging|audit)/' },
    },
    {
      name: 'edges-go-through-app',
      comment: 'http, pages and cli get store, messaging and breaches from app.ts; types are free.',
      severity: 'error',
      from: { path: '^src/(http|pages|cli)/', pathNot: tests },
      to: { path: '^src/(store|messaging|breaches)/', ...exceptTypes },
    },
    {
      name: 'demo-brings-the-mailbox-only',
      comment: 'The demo hands its mailbox to app.ts and touches nothing else of store and messaging.',
      severity: 'error',
      from: { path: '^src/demo/', pathNot: tests },
      to: {
        path: '^src/(store|messaging)/',
        pathNot: '^src/messaging/gateways/mailbox\\.ts$',
        ...exceptTypes,
      },
    },
    {
      name: 'edges-are-outermost',
      comment: 'What can be reached from outside is known by nobody inside.',
      severity: 'error',
      from: {
        path: '^src/(core|errors|store|messaging|breaches|audit|config|observability)/',
        pathNot: tests,
      },
      to: { path: '^src/(http|pages|cli|demo)/' },
    },
    {
      name: 'app-is-the-root',
      comment: 'Only the commands and the demo start the whole; everyone else is composed by it.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(cli|demo)/', '^src/[^/]+\\.ts$', tests] },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'gateways-ignore-each-other',
      comment: 'One way out can be read, changed and removed without the others.',
      severity: 'error',
      from: { path: '^src/messaging/gateways/([^/.]+)', pathNot: tests },
      to: { path: '^src/messaging/gateways/', pathNot: '^src/messaging/gateways/$1(/|\\.ts$)' },
    },
    {
      name: 'breaches-know-core-only',
      comment: 'A list of breached passwords is looked into for the engine, and for nobody else.',
      severity: 'error',
      from: { path: '^src/breaches/', pathNot: tests },
      to: { path: '^src/', pathNot: '^src/(breaches|core|errors)/' },
    },
    {
      name: 'migrations-import-nothing',
      comment: 'A migration means the same in ten years, whatever the sources say then.',
      severity: 'error',
      from: { path: '^src/store/migrations/\\d', pathNot: tests },
      to: { path: '^src/' },
    },
    {
      name: 'sql-in-store-only',
      comment: 'Queries are named methods of a repository.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/store/', tests] },
      to: { path: ['^(node:)?sqlite$', 'node_modules/(kysely|pg|pg-[^/]+)/'] },
    },
    {
      name: 'no-test-code-in-sources',
      comment: 'What is shipped does not need what tests it.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: {
        path: ['^test/', '^tools/', tests, 'node_modules/(vitest|fast-check|smtp-server|playwright-core)/'],
      },
    },
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or three.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
}
