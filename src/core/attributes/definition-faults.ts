import type { BilingualText } from '../../errors/api-error.ts'
import {
  type AttributeDefinition,
  type AttributeKind,
  canBeUnique,
  isDefinableName,
  isExtension,
} from './attribute-definition.ts'
import { complainOfPattern } from './compile-pattern.ts'

/** What no definition can say, in the words of whoever wrote it: a tenant file, or a call. */
export interface DefinitionFault {
  readonly part: 'name' | 'type' | 'unique' | 'pattern'
  readonly text: BilingualText
}

const ownNames: Readonly<Record<AttributeKind, BilingualText>> = {
  users: { en: 'an attribute of the API such as employee_id', zh: '接口已有的属性(如 employee_id)' },
  organizations: { en: 'code, name or category', zh: 'code、name 或 category' },
}

export function noAttribute(kind: AttributeKind): BilingualText {
  const { en, zh } = ownNames[kind]
  return {
    en: `is no attribute: write ${en}, or extension. and a word of your own`,
    zh: `不是属性:请填写${zh},或以 extension. 开头的自定义名称`,
  }
}

export const noPattern: BilingualText = {
  en: 'is no pattern: characters, . \\d \\p{L} [a-z] ( | ) and * + ? {n,m} are understood, and repeats have limits',
  zh: '不是有效的表达式:可用字符、. \\d \\p{L} [a-z] ( | ) 以及 * + ? {n,m},重复次数有上限',
}

/** The first thing that a definition cannot say; undefined: it can be had. */
export function findDefinitionFault(
  kind: AttributeKind,
  definition: AttributeDefinition,
): DefinitionFault | undefined {
  const { name, pattern } = definition
  if (!isDefinableName(kind, name)) {
    return { part: 'name', text: quoted(name, noAttribute(kind)) }
  }
  if (pattern !== undefined && complainOfPattern(pattern) !== undefined) {
    return { part: 'pattern', text: quoted(pattern, noPattern) }
  }
  return findContradiction(kind, definition)
}

/** What the parts of a definition, each possible by itself, cannot be together. */
export function findContradiction(
  kind: AttributeKind,
  { name, type, isUnique }: Pick<AttributeDefinition, 'name' | 'type' | 'isUnique'>,
): DefinitionFault | undefined {
  if (isUnique && !canBeUnique(kind, name)) {
    return {
      part: 'unique',
      text: {
        en: `${name} cannot be made unique: only attributes of your own and further ones can`,
        zh: `${name} 不能设为唯一:仅自定义属性和其他扩展信息可以`,
      },
    }
  }
  if (type !== 'text' && !isExtension(name)) {
    return {
      part: 'type',
      text: { en: `${name} has a type of its own: leave type out`, zh: `${name} 的类型固定:请勿填写 type` },
    }
  }
  return undefined
}

function quoted(value: string, { en, zh }: BilingualText): BilingualText {
  const shown = JSON.stringify(value)
  return { en: `${shown} ${en}`, zh: `${shown} ${zh}` }
}

/** Two who have one value of an attribute that is to be unique. */
export interface SharedValue {
  readonly attribute: string
  readonly first: string
  readonly second: string
}
