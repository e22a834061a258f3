import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commonAnswers } from '../src/http/answers.ts'
import type { Route } from '../src/http/route.ts'
import { ANSWERS_GIVEN_FOLDER } from '../test/support/evidence.ts'

export interface AnswersReport {
  readonly isComplete: boolean
  /** For people. */
  readonly lines: readonly string[]
}

/**
 * Whether every status and code that a route declares as its own was really answered over HTTP in a test run, on each
 * database. What any request can be answered (`commonAnswers`) is tested for all routes at once, in `test/api` and beside
 * the server. An alias counts as its route.
 * @param explained `GET /path CODE` with why no test gets that answer
 */
export function findUnanswered(
  folder: string,
  p: {
    readonly routes: readonly Route[]
    readonly databases: readonly string[]
    readonly explained: Readonly<Record<string, string>>
  },
): AnswersReport {
  const answered = readAnswers(folder, p.routes)
  const declared = p.routes.flatMap((route) =>
    route.answers
      .filter((answer) => typeof answer === 'number' || !commonAnswers(route.permission).includes(answer))
      .map((answer) => `${route.method} ${route.path} ${answer}`),
  )
  const missing = p.databases.flatMap((database) =>
    declared
      .filter((name) => !answered.has(`${database} ${name}`) && !Object.hasOwn(p.explained, name))
      .map((name) => `  never answered on ${database}: ${name}`),
  )
  const unknown = Object.keys(p.explained)
    .filter((name) => !declared.includes(name))
    .map((name) => `  explained, but not declared: ${name}`)
  const count = declared.length * p.databases.length
  const summary = `${count} answers declared, ${missing.length} never given, ${Object.keys(p.explained).length} explained`
  const lines = [summary, ...missing, ...unknown]
  return { isComplete: lines.length === 1, lines }
}

/** `sqlite GET /path CODE`, with the path as the route table has it; a success by its status. */
function readAnswers(folder: string, routes: readonly Route[]): ReadonlySet<string> {
  const places = routes.flatMap((route) =>
    [route.path, ...(route.aliases ?? [])].map((path) => ({
      route,
      // the one with the fewest parameters first: it is what the server chooses
      parameters: path.split('/:').length,
      pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]*')}$`),
    })),
  )
  const byPreference = places.toSorted((left, right) => left.parameters - right.parameters)
  const answered = new Set<string>()
  for (const line of readLines(join(folder, ANSWERS_GIVEN_FOLDER))) {
    const [database = '', method = '', path = '', status = '', code = '-'] = line.split('\t')
    const place = byPreference.find(({ route, pattern }) => route.method === method && pattern.test(path))
    if (place !== undefined) {
      answered.add(`${database} ${method} ${place.route.path} ${code === '-' ? status : code}`)
    }
  }
  return answered
}

function readLines(folder: string): readonly string[] {
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
}
