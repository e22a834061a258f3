import { isPermissionCode } from '../permissions/permission-codes.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { ParsedTenant, TenantFileRules } from './parsed-tenant.ts'
import type {
  GatewayEntry,
  OrganizationEntry,
  TemplateEntry,
  UserEntry,
  WebhookEntry,
} from './tenant-file-schema.ts'
import type { YamlSource } from './yaml-source.ts'

/** What the file alone can get wrong beyond single values: doubles, circles, contradictions, gateways, templates. */
export function checkDocument({ entry, source }: ParsedTenant, rules: TenantFileRules): void {
  checkDoubles({ entry, source })
  checkParents(entry.organizations ?? [], source)
  for (const user of entry.users ?? []) {
    checkFirstPassword(user, source)
  }
  for (const bundle of entry.permissionBundles ?? []) {
    if (isPermissionCode(bundle.code)) {
      const message = `${bundle.code} is a built-in permission code: give the bundle another`
      source.report(source.placeOf(bundle, 'code'), message)
    }
  }
  for (const gateway of entry.gateways ?? []) {
    checkGateway(gateway, source, rules)
  }
  for (const template of entry.templates ?? []) {
    checkTemplate(template, source, rules)
  }
  for (const webhook of entry.webhooks ?? []) {
    checkWebhook(webhook, source, rules)
  }
}

/** Tenants of one file against each other. */
export function checkDocuments(tenants: readonly ParsedTenant[]): void {
  const codes = new Set<string>()
  const domains = new Map<string, string>()
  for (const { entry, source } of tenants) {
    const { code } = entry.tenant
    if (codes.has(code)) {
      source.report(
        source.placeOf(entry.tenant, 'code'),
        `tenant ${code} stands in this file twice: join the two`,
      )
      continue
    }
    codes.add(code)
    for (const [index, domain] of (entry.tenant.domains ?? []).entries()) {
      const holder = domains.get(domain) ?? code
      domains.set(domain, holder)
      if (holder !== code) {
        const place = source.placeOf(entry.tenant.domains ?? [], index)
        source.report(
          place,
          `${domain} is a domain of tenant ${holder} already: a host name leads to one tenant`,
        )
      }
    }
  }
}

function checkDoubles({ entry, source }: ParsedTenant): void {
  const same = (text: string) => text
  reportDoubles(source, listed(entry.tenant.domains), same)
  reportDoubles(source, listed(entry.reset?.sendModes), same)
  reportDoubles(source, listed(entry.reset?.smsCountries), same)
  reportDoubles(source, fields(entry.organizations, 'code'), normaliseKey)
  reportDoubles(source, fields(entry.users, 'userName'), normaliseKey)
  reportDoubles(source, fields(entry.users, 'email'), normaliseKey)
  reportDoubles(source, fields(entry.users, 'mobile'), same)
  reportDoubles(source, fields(entry.gateways, 'name'), same)
  reportDoubles(source, fields(entry.applications, 'clientId'), same)
  reportDoubles(source, fields(entry.permissionBundles, 'code'), same)
  for (const bundle of entry.permissionBundles ?? []) {
    reportDoubles(source, listed(bundle.permissions), same)
  }
  reportDoubles(source, fields(entry.webhooks, 'name'), same)
  reportDoubles(source, fields(entry.administrators, 'userName'), normaliseKey)
  for (const application of entry.applications ?? []) {
    reportDoubles(source, listed(application.permissions), same)
    reportDoubles(source, listed(application.resetOrganizations), normaliseKey)
    // as they are kept: 10.1.2.* is 10.1.2.0/24
    reportDoubles(source, listed(application.allowedAddresses), same)
  }
  const templates = (entry.templates ?? []).map((template) => ({
    owner: template,
    key: 'event',
    value: `${template.event} ${template.channel} ${template.language}`,
  }))
  reportDoubles(source, templates, same)
}

interface Part {
  readonly owner: object
  readonly key: string | number
  readonly value: string
}

function listed(values: readonly string[] | null | undefined): readonly Part[] {
  return (values ?? []).map((value, key) => ({ owner: values ?? [], key, value }))
}

function fields<K extends string>(
  entries: readonly { readonly [key in K]?: string | null }[] | null | undefined,
  key: K,
): readonly Part[] {
  return (entries ?? []).flatMap((owner) => {
    const value = owner[key]
    return value === null || value === undefined ? [] : [{ owner, key, value }]
  })
}

function reportDoubles(
  source: YamlSource,
  parts: readonly Part[],
  normalise: (text: string) => string,
): void {
  const first = new Map<string, Part>()
  for (const part of parts) {
    const key = normalise(part.value)
    const earlier = first.get(key)
    if (earlier === undefined) {
      first.set(key, part)
    } else {
      const { path } = source.placeOf(earlier.owner, earlier.key)
      source.report(
        source.placeOf(part.owner, part.key),
        `is the same as ${path}: remove or change one of them`,
      )
    }
  }
}

/** Parents that the file does not have may be stored: the plan looks there. */
function checkParents(organizations: readonly OrganizationEntry[], source: YamlSource): void {
  const byCode = new Map(organizations.map((entry) => [normaliseKey(entry.code), entry]))
  const parentOf = (entry: OrganizationEntry) =>
    typeof entry.parentCode === 'string' ? byCode.get(normaliseKey(entry.parentCode)) : undefined
  const done = new Set<OrganizationEntry>()
  for (const start of organizations) {
    const path = new Set<OrganizationEntry>()
    let entry: OrganizationEntry | undefined = start
    while (entry !== undefined && !done.has(entry) && !path.has(entry)) {
      path.add(entry)
      entry = parentOf(entry)
    }
    if (entry !== undefined && path.has(entry)) {
      const place = source.placeOf(entry, 'parentCode')
      source.report(place, `makes a circle: ${entry.code} would stand above itself`)
    }
    for (const visited of path) {
      done.add(visited)
    }
  }
}

function checkFirstPassword(user: UserEntry, source: YamlSource): void {
  if (user.password && user.passwordHash) {
    source.report(source.placeOf(user, 'passwordHash'), 'stands beside password: keep one of them')
  }
  const sendMode = user.deliverInitial
  if (sendMode === undefined || sendMode === null) {
    return
  }
  const place = source.placeOf(user, 'deliverInitial')
  for (const key of ['password', 'passwordHash'] as const) {
    if (user[key]) {
      const name = key === 'password' ? 'password' : 'password_hash'
      source.report(place, `stands beside ${name}: keep one of them`)
    }
  }
  const contact = sendMode === 'EMAIL' ? 'email' : 'mobile'
  if (typeof user[contact] !== 'string') {
    source.report(place, `needs ${contact} in this entry: add it`)
  }
}

function checkGateway(gateway: GatewayEntry, source: YamlSource, rules: TenantFileRules): void {
  const { kind, channel } = gateway
  for (const complaint of rules.validateGatewaySettings(kind, gateway.rest, { channel })) {
    const key = Object.keys(gateway.rest).find((name) => isAbout(complaint, name))
    const isKind = key === undefined && isAbout(complaint, 'kind')
    const at =
      key === undefined ? source.placeOf(gateway, isKind ? 'kind' : '') : source.placeOf(gateway.rest, key)
    // the complaint says the key: the path need not
    source.report({ ...at, path: source.placeOf(gateway).path }, complaint)
  }
}

function checkTemplate(template: TemplateEntry, source: YamlSource, rules: TenantFileRules): void {
  const { channel, subject, html } = template
  if (channel === 'EMAIL' && typeof subject !== 'string') {
    source.report(source.placeOf(template), 'a mail needs a subject: add it')
  }
  for (const key of ['subject', 'html'] as const) {
    if (channel === 'SMS' && typeof template[key] === 'string') {
      source.report(source.placeOf(template, key), `an SMS has no ${key}: remove it`)
    }
  }
  const parts = { channel, subject: subject ?? undefined, text: template.text, html: html ?? undefined }
  for (const complaint of rules.validateTemplate(template.event, parts)) {
    const key = (['subject', 'html', 'text'] as const).find((name) => isAbout(complaint, name))
    const { path } = source.placeOf(template)
    source.report({ ...source.placeOf(template, key ?? ''), path }, complaint)
  }
}

function checkWebhook(webhook: WebhookEntry, source: YamlSource, rules: TenantFileRules): void {
  const complaint = rules.complainOfWebhookUrl(webhook.url)
  if (complaint !== undefined) {
    source.report(source.placeOf(webhook, 'url'), complaint)
  }
}

/** Complaints begin with the key that they are about, perhaps in quotes. */
function isAbout(complaint: string, key: string): boolean {
  const start = complaint.replace(/^[`'"]/, '')
  return start.startsWith(key) && !/^\w/.test(start.slice(key.length))
}
