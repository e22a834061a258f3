const locales: Readonly<Record<string, string>> = { en: 'en-GB', zh: 'zh-CN' }

/** A time as the reader says it, to the minute, with its zone: `23 November 2025 at 21:07 UTC`. Seconds are dropped. */
export function formatForReader(atMs: number, timeZone: string, language: string): string {
  return formatOf(timeZone, language)
    .format(atMs)
    .replace(/[\u00a0\u202f]/g, ' ') // beyond what an SMS of the default alphabet can carry
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string, language: string): Intl.DateTimeFormat {
  const locale = locales[language] ?? 'en-GB'
  const key = `${locale} ${timeZone}`
  const known = formats.get(key)
  if (known !== undefined) {
    return known
  }
  const made = new Intl.DateTimeFormat(locale, {
    timeZone,
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
  formats.set(key, made)
  return made
}
