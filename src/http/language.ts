import type { Language } from '../core/tenants/tenant.ts'

type HeaderValue = string | string[] | undefined

/** The caller's language: `X-L`, then `Accept-Language`, then English (contract, section 8), or whatever is said here. */
export function languageOf(
  headers: Readonly<Record<string, HeaderValue>>,
  otherwise: Language = 'en',
): Language {
  const chosen = headers['x-l']
  if (typeof chosen === 'string') {
    const known = knownLanguage(chosen)
    if (known !== undefined) return known
  }
  const accepted = headers['accept-language']
  return typeof accepted === 'string' ? (firstKnown(accepted) ?? otherwise) : otherwise
}

function firstKnown(acceptLanguage: string): Language | undefined {
  const wished = acceptLanguage.split(',', 20).map((range) => {
    const [tag = '', ...parameters] = range.split(';')
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/i.exec(parameter)?.[1]).find(Boolean)
    return { language: knownLanguage(tag), quality: quality === undefined ? 1 : Number(quality) }
  })
  const known = wished.filter(({ language, quality }) => language !== undefined && quality > 0)
  // stable: of equal wishes the first counts
  return known.toSorted((left, right) => right.quality - left.quality)[0]?.language
}

function knownLanguage(tag: string): Language | undefined {
  const primary = tag.trim().toLowerCase().split(/[-_]/, 1)[0]
  return primary === 'zh' || primary === 'en' ? primary : undefined
}
