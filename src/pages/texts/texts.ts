import type { Language } from '../../core/tenants/tenant.ts'
import { en } from './en.ts'
import type { Texts } from './text-shape.ts'
import { zh } from './zh.ts'

export function textsOf(language: Language): Texts {
  return language === 'zh' ? zh : en
}
