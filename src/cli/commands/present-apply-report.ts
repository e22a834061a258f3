import type { ApplyReport, TenantReport } from '../../core/tenant-file/apply-tenant-file.ts'
import type { DeliveryReport } from '../../core/tenant-file/deliver-initial-passwords.ts'
import type { FileProblem } from '../../core/tenant-file/file-problem.ts'
import type { Change, ChangeAction, ChangeKind } from '../../core/tenant-file/tenant-plan.ts'

const signs: Readonly<Record<ChangeAction, string>> = { create: '＋', update: '~', remove: '−' }
const nouns: Readonly<Record<ChangeKind, readonly [one: string, many: string]>> = {
  tenant: ['tenant', 'tenants'],
  gateway: ['gateway', 'gateways'],
  template: ['template', 'templates'],
  webhook: ['webhook', 'webhooks'],
  organization: ['organisation', 'organisations'],
  user: ['user', 'users'],
  permission_bundle: ['permission bundle', 'permission bundles'],
  application: ['application', 'applications'],
}
const LINES_A_TENANT_MAX = 200 // beyond it, people read the counts and machines the JSON

/** The report as lines for a person: what was done goes to the output, what is wrong to the errors. */
export function presentReport(report: ApplyReport): {
  readonly output: readonly string[]
  readonly errors: readonly string[]
} {
  const errors = [
    ...report.warnings.map((warning) => `${location(warning)} warning: ${sentence(warning)}`),
    ...report.problems.map((problem) => `${location(problem)} ${sentence(problem)}`),
  ]
  if (report.problems.length > 0) {
    const isNothingDone = report.tenants.every(({ changes }) => changes.length === 0)
    const done = isNothingDone ? 'Nothing was changed.' : 'What is listed below was done, the rest was not.'
    errors.push(`${count(report.problems.length, ['problem', 'problems'])}. ${done}`)
  }
  return { output: report.tenants.flatMap((tenant) => presentTenant(tenant, report)), errors }
}

function location({ file, line, column }: FileProblem): string {
  return `${file}:${line}:${column}`
}

function sentence({ path, message }: FileProblem): string {
  return path === '' ? message : `${path} ${message}`
}

function presentTenant(tenant: TenantReport, { isDryRun }: ApplyReport): readonly string[] {
  const { changes, deliveries } = tenant
  if (changes.length === 0 && deliveries.length === 0) {
    return [`${tenant.code}: nothing to change`]
  }
  const shown = changes.slice(0, LINES_A_TENANT_MAX).map(presentChange)
  const hidden = changes.length - shown.length
  const ending = isDryRun ? 'Dry run: nothing was changed.' : 'Done.'
  return [
    `${tenant.code}:`,
    ...shown,
    ...(hidden > 0 ? [`  … and ${hidden} more`] : []),
    ...deliveries.map(presentDelivery),
    ...(changes.length > 0 ? [`  ${countKinds(changes).join('; ')}`] : []),
    `  ${ending}`,
  ]
}

function presentChange({ kind, action, name, fields }: Change): string {
  const detail = fields.length === 0 ? '' : `: ${fields.join(', ')}`
  return `  ${signs[action]} ${nouns[kind][0]} ${name}${detail}`
}

function presentDelivery(delivery: DeliveryReport): string {
  const { userName, sendMode } = delivery
  switch (delivery.outcome) {
    case 'planned':
      return `  → first password for ${userName} by ${sendMode}`
    case 'delivered':
      return `  → first password for ${userName} sent by ${sendMode}`
    case 'failed':
      return `  ! first password for ${userName} not sent by ${sendMode}: ${delivery.reason}`
  }
}

/** `2 users created, 1 changed; 1 gateway removed` */
function countKinds(changes: readonly Change[]): readonly string[] {
  const words: Readonly<Record<ChangeAction, string>> = {
    create: 'created',
    update: 'changed',
    remove: 'removed',
  }
  const kinds = [...new Set(changes.map((change) => change.kind))]
  return kinds.map((kind) => {
    const ofKind = changes.filter((change) => change.kind === kind)
    const actions = [...new Set(ofKind.map((change) => change.action))]
    const counts = actions.map((action) => ofKind.filter((change) => change.action === action).length)
    return actions
      .map((action, index) => {
        const amount = counts[index] ?? 0
        return `${index === 0 ? count(amount, nouns[kind]) : amount} ${words[action]}`
      })
      .join(', ')
  })
}

function count(amount: number, [one, many]: readonly [string, string]): string {
  return `${amount} ${amount === 1 ? one : many}`
}
