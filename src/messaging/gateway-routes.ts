import type { Clock } from '../core/clock.ts'
import { type ChannelLimits, combineLimits } from '../core/password/channel-limits.ts'
import type { Secret } from '../core/secret.ts'
import type { GatewayRow, Store, TemplateRow } from '../store/store.ts'
import type { Channel, Gateway } from './gateway.ts'
import { createGateway, openSettings, sealContext } from './gateway-kinds.ts'
import type { Mailbox } from './gateways/mailbox.ts'

export interface GatewayRoutesDeps {
  readonly store: Pick<Store, 'read'>
  readonly isSealed: (text: string) => boolean
  readonly openSecret: (sealed: string, context: string) => Secret
  readonly clock: Clock
  readonly mailbox: Mailbox | undefined
  /** A gateway that could not be made from its row; it is left out until the row changes. */
  readonly onBrokenGateway: (p: { tenantId: string; gateway: string; cause: unknown }) => void
}

/** A tenant's gateways and templates, as its rows were at most 5 s ago. */
export interface TenantRoutes {
  /** Enabled ones of a channel, in the order to try them. */
  gatewaysOf(channel: Channel): readonly Gateway[]
  /** Whether there is an enabled row, be its gateway usable or not. */
  hasRow(channel: Channel): boolean
  /** What every enabled one carries as a variable. */
  limitsOf(channel: Channel): ChannelLimits
  readonly templates: readonly TemplateRow[]
}

export interface GatewayRoutes {
  find(tenantId: string): Promise<TenantRoutes>
  close(): Promise<void>
}

const CACHE_MS_MAX = 5_000

/** Gateways live as long as their row's version: connections survive a look at the rows, not a change of settings. */
export function createGatewayRoutes(deps: GatewayRoutesDeps): GatewayRoutes {
  const cached = new Map<string, { readonly loadedAtMs: number; readonly routes: Promise<TenantRoutes> }>()
  const gateways = new Map<string, Map<string, LivingGateway>>()

  async function load(tenantId: string): Promise<TenantRoutes> {
    const { gateways: gatewayRows, templates } = deps.store.read
    const [rows, templateRows] = await Promise.all([gatewayRows.list(tenantId), templates.list(tenantId)])
    const enabled = rows.filter((row) => !row.disabled).toSorted(byPriority)
    const living = keepAlive(deps, gateways.get(tenantId) ?? new Map(), enabled)
    gateways.set(tenantId, living)
    return {
      gatewaysOf: (channel) =>
        enabled
          .filter((row) => row.channel === channel)
          .map((row) => living.get(row.name)?.gateway)
          .filter((gateway) => gateway !== undefined),
      hasRow: (channel) => enabled.some((row) => row.channel === channel),
      limitsOf: (channel) => limitsOfRows(enabled, channel),
      templates: templateRows,
    }
  }

  return {
    async find(tenantId) {
      const now = deps.clock.monotonicMs()
      const known = cached.get(tenantId)
      if (known !== undefined && now - known.loadedAtMs < CACHE_MS_MAX) {
        return await known.routes
      }
      const routes = load(tenantId)
      cached.set(tenantId, { loadedAtMs: now, routes })
      // a failure to read is not remembered
      routes.catch(() => cached.delete(tenantId))
      return await routes
    },
    async close() {
      cached.clear()
      const all = [...gateways.values()].flatMap((ofTenant) => [...ofTenant.values()])
      gateways.clear()
      await Promise.all(all.map(({ gateway }) => gateway?.close()))
    },
  }
}

/** What every enabled gateway among the rows carries on this channel; the key is no secret, so nothing is opened. */
function limitsOfRows(rows: readonly GatewayRow[], channel: Channel): ChannelLimits {
  const carrying = rows.filter((row) => row.channel === channel && !row.disabled)
  return combineLimits(carrying.map((row) => JSON.parse(row.settings) as Readonly<Record<string, unknown>>))
}

interface LivingGateway {
  readonly version: number
  /** Undefined: its row is broken. */
  readonly gateway: Gateway | undefined
}

function keepAlive(
  deps: GatewayRoutesDeps,
  before: ReadonlyMap<string, LivingGateway>,
  rows: readonly GatewayRow[],
): Map<string, LivingGateway> {
  const after = new Map(
    rows.map((row) => {
      const living = before.get(row.name)
      return [row.name, living?.version === row.version ? living : startGateway(deps, row)]
    }),
  )
  for (const [name, living] of before) {
    if (after.get(name) !== living) {
      // hand-overs under way go on; what is idle ends
      void living.gateway?.close()
    }
  }
  return after
}

function startGateway(deps: GatewayRoutesDeps, row: GatewayRow): LivingGateway {
  const { tenantId, name, channel, version } = row
  try {
    const settings = openSettings(JSON.parse(row.settings), {
      isSealed: deps.isSealed,
      open: (sealed) => deps.openSecret(sealed, sealContext(tenantId, name)),
    })
    const gateway = createGateway(row.kind, { name, channel, settings }, deps)
    return { version, gateway }
  } catch (cause) {
    deps.onBrokenGateway({ tenantId, gateway: name, cause })
    return { version, gateway: undefined }
  }
}

function byPriority(a: GatewayRow, b: GatewayRow): number {
  return a.priority - b.priority || (a.name < b.name ? -1 : 1)
}
