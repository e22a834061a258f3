import type { Seal } from '../../store/seal.ts'
import type { GatewayRow } from '../../store/store.ts'
import { Secret } from '../secret.ts'
import type { TenantFileRules } from './parsed-tenant.ts'

type Settings = Readonly<Record<string, unknown>>

/** Gateway settings as the store keeps them: secrets sealed. */
export interface GatewaySecrets {
  /** JSON to store for these settings. */
  seal(row: Pick<GatewayRow, 'tenantId' | 'name' | 'kind'>, settings: Settings): string
  /** The settings as the file had them. @throws Error when the master key is another */
  open(row: GatewayRow): Settings
}

export function createGatewaySecrets(
  seal: Seal,
  rules: Pick<TenantFileRules, 'sealSettings' | 'sealContext'>,
): GatewaySecrets {
  return {
    seal(row, settings) {
      const context = rules.sealContext(row.tenantId, row.name)
      const sealText = (text: string) => seal.seal(new Secret(text), context)
      return JSON.stringify(rules.sealSettings(row.kind, settings, sealText))
    },
    open(row) {
      const context = rules.sealContext(row.tenantId, row.name)
      return JSON.parse(row.settings, (_key, value: unknown) =>
        typeof value === 'string' && seal.isSealed(value) ? seal.open(value, context).reveal() : value,
      ) as Settings
    },
  }
}
