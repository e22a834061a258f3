import type { TemplateRow } from '../../store/store.ts'
import type { TemplateEntry } from './tenant-file-schema.ts'
import { type RowChange, removal, rowChange } from './tenant-plan.ts'

export function planTemplates(p: {
  readonly entries: readonly TemplateEntry[] | undefined
  readonly stored: readonly TemplateRow[]
  readonly tenantId: string
  readonly isPruning: boolean
}): readonly (RowChange<TemplateRow> & { readonly kind: 'template' })[] {
  const stored = new Map(p.stored.map((row) => [templateName(row), row]))
  const named = new Set(p.entries?.map(templateName))
  const removed =
    p.isPruning && p.entries !== undefined ? p.stored.filter((row) => !named.has(templateName(row))) : []
  const changes = (p.entries ?? []).flatMap((entry) => {
    const after: TemplateRow = {
      tenantId: p.tenantId,
      event: entry.event,
      channel: entry.channel,
      language: entry.language,
      subject: entry.subject ?? undefined,
      text: entry.text,
      html: entry.html ?? undefined,
    }
    const name = templateName(after)
    const change = rowChange({ before: stored.get(name), after, id: name, name, parts })
    return change === undefined ? [] : [change]
  })
  const removals = removed.map((row) => removal(row, templateName(row), templateName(row)))
  return [...changes, ...removals].map((change) => ({ kind: 'template', ...change }))
}

function templateName(row: Pick<TemplateRow, 'event' | 'channel' | 'language'>): string {
  return `${row.event}/${row.channel}/${row.language}`
}

function parts({ subject, text, html }: TemplateRow): Readonly<Record<string, unknown>> {
  return { subject, text, html }
}
