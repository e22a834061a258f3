import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { sealContext, sealSettings, validateGatewaySettings } from '../../messaging/gateway-kinds.ts'
import { measureLongestSms } from '../../messaging/measure-longest-sms.ts'
import { validateTemplate } from '../../messaging/validate-template.ts'
import { describeKeys } from './describe-keys.ts'
import { parseTenantFile } from './parse-tenant-file.ts'

const path = fileURLToPath(new URL('../../../docs/tenant-file.md', import.meta.url))
const MARKS = { begin: '<!-- keys: made from the schema -->\n', end: '<!-- end of keys -->' }

test('documents every key that the schema reads, and no other (vitest -u rewrites the tables)', async () => {
  const page = await readFile(path, 'utf8')
  const [before, rest] = page.split(MARKS.begin)
  const after = rest?.split(MARKS.end)[1]
  expect(after, 'docs/tenant-file.md has lost its marks').toBeDefined()
  await expect(`${before}${MARKS.begin}\n${describeKeys()}\n${MARKS.end}${after}`).toMatchFileSnapshot(path)
})

test('documents an example that can be applied', async () => {
  const page = await readFile(path, 'utf8')
  const [, text] = /```yaml\n([\s\S]*?)```/.exec(page) ?? []
  const { problems, tenants } = parseTenantFile({
    file: 'tenant.yaml',
    text: text ?? '',
    environment: { ALICE_PASSWORD: 'Alice-Own-2580', HELPDESK_SECRET: 'a-secret-of-the-help-desk' },
    rules: {
      validateGatewaySettings,
      validateTemplate,
      measureLongestSms,
      sealSettings,
      sealContext,
      complainOfWebhookUrl: () => undefined,
    },
  })
  expect(problems).toEqual([])
  expect(tenants).toHaveLength(1)
})
