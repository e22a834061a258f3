/** A time as the reader says it, to the minute, with its zone: `23 November 2025 at 21:07 GMT+8`. Seconds are dropped. */
export function formatForReader(atMs: number, timeZone: string, language: string): string {
  const { year, month, day, clock, zone } = partsOf(atMs, timeZone, language, 'long')
  return language === 'zh'
    ? `${year}年${month}${day}日 ${clock}（${zone}）`
    : `${day} ${month} ${year} at ${clock} ${zone}`
}

/** The same without the year, where every character costs: `23 Nov 21:07 GMT+8`. */
export function formatShortForReader(atMs: number, timeZone: string, language: string): string {
  const { month, day, clock, zone } = partsOf(atMs, timeZone, language, 'short')
  return language === 'zh' ? `${month}${day}日 ${clock} ${zone}` : `${day} ${month} ${clock} ${zone}`
}

interface Parts {
  readonly year: string
  /** `November`, `Nov`, `11月`. */
  readonly month: string
  readonly day: string
  readonly clock: string
  /** As short as the language names it: `GMT+8`, `CET`, `UTC`. */
  readonly zone: string
}

function partsOf(atMs: number, timeZone: string, language: string, monthStyle: 'long' | 'short'): Parts {
  const found = new Map(
    formatOf(timeZone, language, monthStyle)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): string => found.get(type) ?? ''
  return {
    year: part('year'),
    month: language === 'zh' ? part('month').replace(/月?$/, '月') : part('month'),
    day: part('day'),
    clock: `${part('hour')}:${part('minute')}`,
    zone: part('timeZoneName'),
  }
}

const locales: Readonly<Record<string, string>> = { en: 'en-GB', zh: 'zh-CN' }
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string, language: string, month: 'long' | 'short'): Intl.DateTimeFormat {
  const locale = locales[language] ?? 'en-GB'
  const key = `${locale} ${timeZone} ${month}`
  const known = formats.get(key)
  if (known !== undefined) {
    return known
  }
  const made = new Intl.DateTimeFormat(locale, {
    timeZone,
    year: 'numeric',
    month,
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
  formats.set(key, made)
  return made
}
