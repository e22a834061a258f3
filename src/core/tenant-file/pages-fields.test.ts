import { describe, expect, it } from 'vitest'
import { parseTenantFile } from './parse-tenant-file.ts'

const rules = {
  validateGatewaySettings: () => [],
  validateTemplate: () => [],
  measureLongestSms: () => undefined,
  sealSettings: (_kind: string, settings: Record<string, unknown>) => settings,
  sealContext: () => '',
  complainOfWebhookUrl: () => undefined,
} as unknown as Parameters<typeof parseTenantFile>[0]['rules']

function parse(pages: string) {
  const text = `tenant: { code: acme }\npages: ${pages}`
  return parseTenantFile({ file: 'tenant.yaml', text, environment: {}, rules })
}

describe('the pages of a tenant file', () => {
  it('take a color in any case, a small image and times', () => {
    const logo = 'data:image/png;base64,iVBORw0KGgo='
    const { problems, tenants } = parse(
      `{ color: "#FFD500", logo: "${logo}", idle_minutes: 10, lifetime_hours: 8 }`,
    )
    expect(problems).toEqual([])
    expect(tenants[0]?.entry.pages).toEqual({ color: '#ffd500', logo, idleMinutes: 10, lifetimeHours: 8 })
  })

  it.each([
    ['{ color: red }', /red.* is no color: write # and six hexadecimal digits, in quotes/],
    ['{ color: "#14508c; } body { display: none" }', /at most 7 characters|is no color/],
    ['{ logo: "https://elsewhere.example/logo.png" }', /is no image: write "data:image\/png;base64,…"/],
    ['{ logo: "data:text/html;base64,PHNjcmlwdD4=" }', /is no image/],
    [`{ logo: "data:image/png;base64,${'A'.repeat(20_000)}" }`, /20000/],
    ['{ idle_minutes: 0 }', /must be a whole number from 1 to 1440/],
    ['{ lifetime_hours: 721 }', /must be a whole number from 1 to 720/],
    ['{ colour: "#14508c" }', /color/],
  ])('refuse %s and say what to write', (pages, sentence) => {
    expect(
      parse(pages)
        .problems.map(({ message }) => message)
        .join('\n'),
    ).toMatch(sentence)
  })
})
