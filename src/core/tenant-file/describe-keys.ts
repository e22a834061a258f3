import type { Field, Fields } from './shape.ts'
import { tenantFileShape } from './tenant-file-schema.ts'

/** The keys of the tenant file as Markdown: a table for each group, in the order of the schema. */
export function describeKeys(): string {
  const groups = Object.entries(tenantFileShape.fields ?? {}).map(([key, field]) => describeGroup(key, field))
  return `${groups.join('\n\n')}\n`
}

function describeGroup(key: string, field: Field<unknown>): string {
  const isList = field.shape.type === 'list'
  const later = field.isWithoutEffect === undefined ? '' : ' ¹'
  const heading = `### ${key}\n\n${capitalise(field.effect)}${later}.${isList ? ' A list of:' : ''}`
  const rows = describeFields(field.shape.fields ?? {}, '').map((cells) => `| ${cells.join(' | ')} |`)
  return [heading, '', '| key | type | default | effect | example |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  )
}

function describeFields(fields: Fields, prefix: string): readonly (readonly string[])[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const inner = field.shape.type === 'keys' ? field.shape.fields : undefined
    if (inner !== undefined) {
      return describeFields(inner, `${prefix}${key}.`)
    }
    const isLater = field.isWithoutEffect?.(field.example) === true
    const effect = isLater ? `${field.effect} ¹` : field.effect
    const cells = [`\`${prefix}${key}\``, field.shape.type, field.defaultText, effect, `\`${field.example}\``]
    return [cells.map((cell) => cell.replaceAll('|', '\\|'))]
  })
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
