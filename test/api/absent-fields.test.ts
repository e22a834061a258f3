import { afterAll, beforeAll, expect, it } from 'vitest'
import { isObject, type Json, type JsonObject, propertiesOf } from '../../src/http/openapi/json-schema.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
import { type Operation, operations } from './document.ts'
import { buildRequest, exampleValues, type Values } from './example-request.ts'
import { codeOf, findFault, parse } from './find-fault.ts'
import { preparedFields } from './prepare-call.ts'
import { type SampleCompany, seedSampleCompany } from './sample-company.ts'
import { send } from './send.ts'

/** One field of an example that is left out. What an example does not show, it shows to be optional by succeeding. */
interface Absent {
  readonly operation: Operation
  readonly part: 'body' | 'query' | 'header'
  readonly name: string
  readonly isRequired: boolean
}

function absentFields(operation: Operation): readonly Absent[] {
  const shown = exampleValues(operation)
  const parameters = operation.parameters.flatMap(({ name, in: part, required }): Absent[] =>
    part !== 'path' && Object.hasOwn(shown.parameters, name)
      ? [{ operation, part, name, isRequired: required }]
      : [],
  )
  const { body } = operation
  const { properties, required } = propertiesOf(body?.schema ?? {})
  const prepared = Object.keys(properties).filter((name) => preparedFields.includes(name))
  const fields = [...new Set([...(isObject(shown.body) ? Object.keys(shown.body) : []), ...prepared])]
  return [
    ...parameters,
    ...fields.map((name) => ({
      operation,
      part: 'body' as const,
      name,
      isRequired: required.includes(name),
    })),
  ]
}

/** Needed, or not, for a reason that no schema can say; with the code that tells. */
const conditional: Readonly<Record<string, string>> = {
  // omitted by whoever has no password yet; the sample user has one
  'postSdkPwdChange old_password': 'SDK.COMMON.1001',
  // may stand in the URL instead
  'postToken grant_type': 'invalid_request',
  'postOapOauthToken grant_type': 'invalid_request',
  // needed unless the tenant sets `codes.captcha: none`
  'postSdkSmsSend captcha_token': 'SDK.CAPTCHA.9001',
  'postSdkEmailSend captcha_token': 'SDK.CAPTCHA.9001',
}

const absent = operations.flatMap(absentFields)
const titled = (isRequired: boolean) =>
  absent
    .filter((each) => each.isRequired === isRequired)
    .map((each) => [`${each.name} (${each.part}) of ${each.operation.id}`, each] as const)

describeEachDatabase('a field of an example', (kind) => {
  let app: TestApp
  /** For everything that is refused; it changes nothing. */
  const shared = new Map<Operation, SampleCompany>()
  const companies = new Map<Absent, SampleCompany>()
  beforeAll(async () => {
    app = await startApp(kind)
    // all before the first call: a server knows its tenants for some seconds
    for (const each of absent) {
      const { operation } = each
      if (!each.isRequired) companies.set(each, await seedSampleCompany(app, operation))
      else if (!shared.has(operation)) shared.set(operation, await seedSampleCompany(app, operation))
    }
  }, 300_000)
  afterAll(() => app.close())

  async function sendWithout(each: Absent) {
    const { operation, part, name } = each
    const company = (companies.get(each) ?? shared.get(operation)) as SampleCompany
    const shown = exampleValues(operation)
    const body = isObject(shown.body)
      ? { ...shown.body, ...(await company.prepareBody(operation)) }
      : shown.body
    const values = part === 'body' ? { ...shown, body: without(body, name) } : { ...shown, body }
    const headers = { host: company.host, ...(await company.authorise(operation)) }
    const built = buildRequest(operation, part === 'body' ? values : parametersWithout(values, name), {
      ...(part === 'header' ? (without(headers, name) as Record<string, string>) : headers),
    })
    return { operation, answer: await send(company.port, built) }
  }

  it.each(titled(true))(
    'that is documented as required is refused when it is absent: %s',
    async (_title, each) => {
      const { operation, answer } = await sendWithout(each)
      expect(findFault(operation, answer)).toBeUndefined()
      expect(answer.status, answer.text).toBe(400)
    },
  )

  it.each(titled(false))('that is documented as optional may be absent: %s', async (_title, each) => {
    const { operation, answer } = await sendWithout(each)
    expect(findFault(operation, answer)).toBeUndefined()
    const code = conditional[`${operation.id} ${each.name}`]
    if (code === undefined) expect(answer.status, answer.text).toBeLessThan(300)
    else expect([answer.status, codeOf(parse(answer.text))]).toEqual([400, code])
  })
})

function without(values: Json | undefined, name: string): JsonObject {
  const { [name]: _absent, ...rest } = isObject(values) ? values : {}
  return rest
}

function parametersWithout(values: Values, name: string): Values {
  return { ...values, parameters: without(values.parameters, name) }
}
