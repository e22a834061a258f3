import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isObject } from '../../src/http/openapi/json-schema.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
import { operations } from './document.ts'
import { buildRequest, exampleValues } from './example-request.ts'
import { findFault } from './find-fault.ts'
import { type SampleCompany, seedSampleCompany } from './sample-company.ts'
import { send } from './send.ts'

const titled = operations.map((operation) => [operation.id, operation] as const)

describe('the API description', () => {
  it.each(titled)('shows answers of %s that fit their schemas', (_id, { answers }) => {
    const shown = Object.values(answers).filter(({ example }) => example !== undefined)
    expect(shown.filter(({ example, fits }) => !fits(example))).toEqual([])
  })
})

describeEachDatabase('an example of the API description', (kind) => {
  let app: TestApp
  // each has one of its own: what one example changes no other one sees
  const companies = new Map<string, SampleCompany>()
  beforeAll(async () => {
    app = await startApp(kind)
    // all before the first call: a server knows its tenants for some seconds
    for (const operation of operations) {
      companies.set(operation.id, await seedSampleCompany(app, operation))
    }
  }, 120_000)
  afterAll(() => app.close())

  it.each(titled)('sent as it stands succeeds: %s', async (_id, operation) => {
    const company = companies.get(operation.id) as SampleCompany
    const headers = { host: company.host, ...(await company.authorise(operation)) }
    const shown = exampleValues(operation)
    const body = isObject(shown.body)
      ? { ...shown.body, ...(await company.prepareBody(operation)) }
      : shown.body
    const answer = await send(company.port, buildRequest(operation, { ...shown, body }, headers))
    expect(findFault(operation, answer)).toBeUndefined()
    expect(answer.status, answer.text).toBeLessThan(300)
  })
})
