import { newId } from '../new-id.ts'
import { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { applyConfiguration, removeOrganizations } from './apply-configuration.ts'
import type { ApplyTools } from './apply-tools.ts'
import { applyUsers } from './apply-users.ts'
import { checkPlan } from './check-plan.ts'
import { ConcurrentChangeError } from './concurrent-change-error.ts'
import { type DeliveryReport, deliverInitialPasswords } from './deliver-initial-passwords.ts'
import { type FileProblem, sortProblems } from './file-problem.ts'
import { createGatewaySecrets } from './gateway-secrets.ts'
import { parseTenantFile } from './parse-tenant-file.ts'
import type { ParsedTenant } from './parsed-tenant.ts'
import {
  changesOf,
  type PlanContext,
  planTenantChanges,
  type TenantPlan,
  toChange,
} from './plan-tenant-changes.ts'
import { createWebhookSecrets } from './plan-webhooks.ts'
import type { Change } from './tenant-plan.ts'
import type { Environment } from './yaml-source.ts'

export interface ApplyCall {
  /** As problems name it. */
  readonly file: string
  readonly text: string
  readonly environment: Environment
  /** Plans and checks, and changes nothing. */
  readonly isDryRun: boolean
  /** Removes what the file's lists do not name. */
  readonly isPruning: boolean
}

export interface TenantReport {
  readonly code: string
  /** What was done; in a dry run, what would be. */
  readonly changes: readonly Change[]
  readonly deliveries: readonly DeliveryReport[]
}

export interface ApplyReport {
  /** No problems, and every first password delivered. */
  readonly ok: boolean
  readonly isDryRun: boolean
  readonly tenants: readonly TenantReport[]
  readonly problems: readonly FileProblem[]
  readonly warnings: readonly FileProblem[]
}

/**
 * Makes the store as the file says. With any problem nothing is changed, and all problems are in the report. Each
 * tenant's configuration is one transaction, users follow in batches; a run that was interrupted is completed by the next.
 * @throws StoreUnavailableError what was done before stays done
 */
export async function applyTenantFile(tools: ApplyTools, call: ApplyCall): Promise<ApplyReport> {
  const parsed = parseTenantFile({ ...call, rules: tools.rules })
  const context = await createContext(tools, call)
  const storedTenants = await tools.store.read.tenants.list()
  const plans: { readonly parsed: ParsedTenant; readonly plan: TenantPlan }[] = []
  for (const tenant of parsed.tenants) {
    const plan = await planTenantChanges(tools.store.read, tenant, context)
    await checkPlan({
      judges: tools.judges,
      parsed: tenant,
      rules: tools.rules,
      stored: plan.stored,
      configuration: plan.configuration,
      users: plan.users,
      tenants: afterThisFile(
        storedTenants,
        plans.map(({ plan: earlier }) => earlier.configuration.tenant),
      ),
    })
    plans.push({ parsed: tenant, plan })
  }
  const late = parsed.tenants.flatMap(({ source }) => source.problems)
  const problems = sortProblems([...parsed.problems, ...late])
  const report = { isDryRun: call.isDryRun, problems, warnings: parsed.warnings }
  if (problems.length > 0) {
    return { ...report, ok: false, tenants: [] } // what could not be read would look like what is to be removed
  }
  if (call.isDryRun) {
    return { ...report, ok: true, tenants: plans.map(({ plan }) => planned(plan)) }
  }
  return await carryOut(tools, context, { plans, warnings: parsed.warnings })
}

async function createContext(tools: ApplyTools, call: ApplyCall): Promise<PlanContext> {
  return {
    isPruning: call.isPruning,
    now: await tools.store.read.now(),
    newId: () => newId(tools.clock.now(), tools.random),
    gatewaySecrets: createGatewaySecrets(tools.seal, tools.rules),
    webhookSecrets: createWebhookSecrets(tools.seal),
  }
}

/** A domain may move between two tenants of one file if the one that gives it up comes first. */
function afterThisFile(stored: readonly Tenant[], earlier: readonly Tenant[]): readonly Tenant[] {
  const changed = new Map(earlier.map((tenant) => [tenant.id, tenant]))
  return stored.map((tenant) => changed.get(tenant.id) ?? tenant)
}

function planned(plan: TenantPlan): TenantReport {
  const deliveries = plan.deliveries.map(({ userName, sendMode }) => ({
    userName,
    sendMode,
    outcome: 'planned' as const,
  }))
  return { code: plan.configuration.tenant.code, changes: changesOf(plan), deliveries }
}

async function carryOut(
  tools: ApplyTools,
  context: PlanContext,
  p: {
    readonly plans: readonly { readonly parsed: ParsedTenant; readonly plan: TenantPlan }[]
    readonly warnings: readonly FileProblem[]
  },
): Promise<ApplyReport> {
  const tenants: TenantReport[] = []
  const problems: FileProblem[] = []
  for (const { parsed, plan } of p.plans) {
    const done: Change[] = []
    const deliveries: DeliveryReport[] = []
    try {
      await carryOutTenant(tools, context, { parsed, plan, done, deliveries })
    } catch (error) {
      if (!(error instanceof ConcurrentChangeError)) {
        throw error
      }
      const place = parsed.source.placeOf(error.owner ?? parsed.entry.tenant, error.key)
      parsed.source.report(place, error.message)
      problems.push(...parsed.source.problems)
    }
    tenants.push({ code: plan.configuration.tenant.code, changes: done, deliveries })
    if (problems.length > 0) {
      break
    }
  }
  const isDelivered = tenants.every(({ deliveries }) =>
    deliveries.every(({ outcome }) => outcome === 'delivered'),
  )
  return {
    ok: problems.length === 0 && isDelivered,
    isDryRun: false,
    tenants,
    problems: sortProblems(problems),
    warnings: p.warnings,
  }
}

async function carryOutTenant(
  tools: ApplyTools,
  context: PlanContext,
  p: {
    readonly parsed: ParsedTenant
    readonly plan: TenantPlan
    /** Grows with what was committed, so that a run which stops halfway can say how far it came. */
    readonly done: Change[]
    readonly deliveries: DeliveryReport[]
  },
): Promise<void> {
  const { entry } = p.parsed
  const requestId = context.newId()
  if (changesOf(p.plan).length > 0) {
    const configuration = await applyConfiguration({ store: tools.store, context, entry, requestId })
    p.done.push(...configuration.changes.map(toChange))
    const notices = {
      random: tools.random,
      sealAddress: (address: string, place: string) => tools.seal.seal(new Secret(address), place),
    }
    await applyUsers(tools, { context, entry, configuration, requestId, notices, done: p.done })
    p.done.push(
      ...(await removeOrganizations({ store: tools.store, context, entry, requestId })).map(toChange),
    )
  }
  if (p.plan.deliveries.length > 0) {
    p.deliveries.push(...(await deliverInitialPasswords(tools, { entry, requestId })))
  }
}
