import type { Language } from '../core/tenants/tenant.ts'
import type { Channel } from '../messaging/gateway.ts'
import type { StoreContext } from './context.ts'
import { known, orNull } from './row-values.ts'
import type { TemplateRepository } from './store.ts'

export function createTemplateRepository({ db }: StoreContext): TemplateRepository {
  return {
    async list(tenantId) {
      const rows = await db
        .selectFrom('templates')
        .select(['event', 'channel', 'language', 'subject', 'text_part', 'html_part'])
        .where('tenant_id', '=', tenantId)
        .orderBy('event')
        .orderBy('channel')
        .orderBy('language')
        .execute()
      return rows.map((row) => ({
        tenantId,
        event: row.event,
        channel: row.channel as Channel,
        language: row.language as Language,
        subject: known(row.subject),
        text: row.text_part,
        html: known(row.html_part),
      }))
    },

    /** The template of this event, channel and language is as given. */
    async put(template) {
      const parts = {
        subject: orNull(template.subject),
        text_part: template.text,
        html_part: orNull(template.html),
      }
      await db
        .insertInto('templates')
        .values({
          tenant_id: template.tenantId,
          event: template.event,
          channel: template.channel,
          language: template.language,
          ...parts,
        })
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'event', 'channel', 'language']).doUpdateSet(parts),
        )
        .execute()
    },

    async delete(tenantId, key) {
      await db
        .deleteFrom('templates')
        .where('tenant_id', '=', tenantId)
        .where('event', '=', key.event)
        .where('channel', '=', key.channel)
        .where('language', '=', key.language)
        .execute()
    },
  }
}
