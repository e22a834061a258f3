/**
 * A time as the contract writes it: `yyyy-MM-dd HH:mm:ss.SSS` in the zone, without naming the zone.
 * @param timeZone IANA name
 */
export function formatTime(atMs: number, timeZone: string): string {
  const shifted = new Date(atMs + zoneOffsetMs(atMs, timeZone))
  return shifted.toISOString().slice(0, 23).replace('T', ' ')
}

/**
 * Reads `yyyy-MM-dd HH:mm:ss`, with or without `.SSS`, in the zone. A time that the zone has twice (clocks
 * set back) is its first, one that it never has (clocks set forward) the moment of the change or up to the
 * gap later. Undefined: no such date or time.
 */
export function parseTime(text: string, timeZone: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3})?$/.test(text)) return undefined
  const isoText = `${text.replace(' ', 'T')}${text.length === 19 ? '.000' : ''}Z`
  const asUtcMs = Date.parse(isoText)
  // Date.parse takes February 30 for March 2
  if (Number.isNaN(asUtcMs) || new Date(asUtcMs).toISOString() !== isoText) return undefined
  const dayMs = 86_400_000
  const offsets = [zoneOffsetMs(asUtcMs - dayMs, timeZone), zoneOffsetMs(asUtcMs + dayMs, timeZone)]
  const candidates = offsets.map((offsetMs) => asUtcMs - offsetMs)
  const exact = candidates.filter((atMs) => atMs + zoneOffsetMs(atMs, timeZone) === asUtcMs)
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far the zone is ahead of UTC at that moment. */
function zoneOffsetMs(atMs: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
  const localMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return localMs - Math.floor(atMs / 1_000) * 1_000
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  // building one costs far more than using it; zones are as many as tenants use
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(timeZone, made)
  return made
}
