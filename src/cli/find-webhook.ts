import type { Tenant } from '../core/tenants/tenant.ts'
import { isStorableText } from '../core/users/is-storable-text.ts'
import type { Webhook } from '../core/webhooks/webhook.ts'
import type { Store } from '../store/store.ts'
import { CommandError } from './command-error.ts'

/** @throws CommandError listing those that there are */
export async function findWebhook(
  { read }: Pick<Store, 'read'>,
  tenant: Tenant,
  name: string,
): Promise<Webhook> {
  const found = isStorableText(name) ? await read.webhooks.find({ tenantId: tenant.id, name }) : undefined
  if (found === undefined) {
    const all = await read.webhooks.list(tenant.id)
    throw new CommandError(
      all.length === 0
        ? `Tenant ${tenant.code} has no webhook: add one to its tenant file, and run "rekey apply".`
        : `There is no webhook "${name}" in tenant ${tenant.code}. There is:`,
      { problems: all.map((one) => `${one.name}  (${one.url})`) },
    )
  }
  return found
}
