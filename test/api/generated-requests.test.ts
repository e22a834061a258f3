import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isObject, type Json, type JsonObject, propertiesOf } from '../../src/http/openapi/json-schema.ts'
import { sampleOf } from '../../src/http/openapi/sample-of.ts'
import { describeEachDatabase, testDatabases } from '../support/databases.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
import { arbitraryValues, type Kind, kinds } from './arbitrary-values.ts'
import { type Operation, operations } from './document.ts'
import { buildRequest, exampleValues, type Values } from './example-request.ts'
import { findFault } from './find-fault.ts'
import { deviceHeaders } from './prepare-call.ts'
import { type SampleCompany, seedSampleCompany } from './sample-company.ts'
import { type SentRequest, send } from './send.ts'

/** Of all operations, kinds and databases together. */
const requestsTotal = Number(process.env.REKEY_TEST_REQUESTS ?? 20_000)
const runsEach = Math.ceil(requestsTotal / (operations.length * kinds.length * testDatabases.length))

/** With fewer, chance decides whether one of them succeeds. */
const RUNS_TO_REACH = 30

/** A solved captcha takes a second, and every call that succeeds uses one up. */
const PREPARED_MAX = 3

const cases = operations.flatMap((operation) =>
  kinds.map((kind) => [`${operation.id}, ${kind}`, operation, kind] as const),
)

describeEachDatabase('requests made from the API description', (kind) => {
  let app: TestApp
  let port = 0
  /** One for each operation: what one deletes the others still find. */
  const companies = new Map<string, SampleCompany>()
  /** By a request that was made up, and succeeded. */
  const reached = new Set<string>()
  /** Fetched once: what the document says of tokens is tested elsewhere. */
  const credentials = new Map<string, Readonly<Record<string, string>>>()

  beforeAll(async () => {
    app = await startApp(kind)
    port = Number(new URL(app.url).port)
    // all before the first call: a server knows its tenants for some seconds
    for (const operation of operations) {
      companies.set(operation.id, await seedSampleCompany(app, operation))
    }
    for (const operation of operations) {
      credentials.set(operation.id, (await companies.get(operation.id)?.authorise(operation)) ?? {})
    }
  }, 120_000)

  afterAll(() => app.close())

  function requestOf(operation: Operation, kindOfValues: Kind, values: Values): SentRequest {
    const { 'X-state-token': stateToken, ...authorization } = credentials.get(operation.id) ?? {}
    const needsDevice = operation.parameters.some(({ name }) => name === 'X-client-id')
    // a hostile request brings what it likes; its credentials are good, so that it comes in
    const device = needsDevice && kindOfValues === 'valid' ? deviceHeaders : {}
    const state = stateToken !== undefined && kindOfValues === 'valid' ? { 'X-state-token': stateToken } : {}
    const built = buildRequest(operation, values, {
      ...device,
      ...state,
      ...authorization,
      host: companies.get(operation.id)?.host ?? '',
    })
    return { ...built, headers: sendable(built.headers) }
  }

  it.each(cases)(
    `are answered as documented, ${runsEach} times: %s`,
    async (_title, operation, kindOfValues) => {
      const company = companies.get(operation.id) as SampleCompany
      let prepared = kindOfValues === 'hostile' ? {} : await company.prepareBody(operation)
      let successes = 0
      const outcomes: boolean[] = []
      const property = fc.asyncProperty(arbitraryValues(operation, kindOfValues), async (values) => {
        const body = withPrepared(operation, values.body, prepared)
        const answer = await send(port, requestOf(operation, kindOfValues, { ...values, body }))
        expect(findFault(operation, answer)).toBeUndefined()
        outcomes.push(answer.status < 300)
        if (answer.status >= 300) return
        successes += 1
        if (successes < PREPARED_MAX) prepared = await company.prepareBody(operation)
      })
      if (kindOfValues !== 'valid') {
        await fc.assert(property, { numRuns: runsEach })
        return
      }
      // first what is known to be right: else nothing but refusals might be looked at, by however many requests
      await fc.assert(property, { numRuns: runsEach, examples: [[preparedExample(operation, prepared)]] })
      expect(outcomes[0], 'the example succeeds').toBe(true)
      if (outcomes.slice(1).includes(true)) reached.add(operation.id)
    },
    300_000,
  )

  it('reach most operations with values that were made up, not with examples alone', ({ skip }) => {
    skip(runsEach < RUNS_TO_REACH, `${runsEach} requests each are too few`)
    // what a call uses up, such as whom it deletes, no second one finds
    const missed = operations.filter(({ id }) => !reached.has(id)).map(({ id }) => id)
    expect(missed.length, missed.join(', ')).toBeLessThan(operations.length / 2)
  })
})

function preparedExample(operation: Operation, prepared: JsonObject): Values {
  const shown = exampleValues(operation)
  return isObject(shown.body) ? { ...shown, body: { ...shown.body, ...prepared } } : shown
}

/** The body with a value that is good in place of each sample that cannot be. */
function withPrepared({ body: documented }: Operation, body: Json | undefined, prepared: JsonObject) {
  if (documented === undefined || !isObject(body)) return body
  const { properties } = propertiesOf(documented.schema)
  const replaced = Object.entries(prepared).filter(
    ([name]) => body[name] === sampleOf(properties[name] ?? {}, name),
  )
  return { ...body, ...Object.fromEntries(replaced) }
}

/** What HTTP cannot carry in a header is carried escaped. */
function sendable(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      [...value].every((character) => /[\t\x20-\x7e\x80-\xff]/.test(character))
        ? value
        : encodeURI(value.toWellFormed()),
    ]),
  )
}
