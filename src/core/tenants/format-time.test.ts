import { describe, expect, it } from 'vitest'
import { formatTime, parseTime } from './format-time.ts'

describe('formatTime', () => {
  it.each([
    ['UTC', '2026-01-02T03:04:05.006Z', '2026-01-02 03:04:05.006'],
    ['Asia/Shanghai', '2026-01-01T16:00:00.000Z', '2026-01-02 00:00:00.000'],
    ['America/New_York', '2026-03-08T06:59:59.999Z', '2026-03-08 01:59:59.999'],
    ['America/New_York', '2026-03-08T07:00:00.000Z', '2026-03-08 03:00:00.000'],
    ['America/New_York', '2026-11-01T05:30:00.000Z', '2026-11-01 01:30:00.000'],
    ['America/New_York', '2026-11-01T06:30:00.000Z', '2026-11-01 01:30:00.000'],
    ['Asia/Kathmandu', '2026-06-30T18:15:00.250Z', '2026-07-01 00:00:00.250'],
  ])('writes wall time of %s at %s', (zone, utc, expected) => {
    expect(formatTime(Date.parse(utc), zone)).toBe(expected)
  })
})

describe('parseTime', () => {
  it.each([
    ['UTC', '2026-01-02 03:04:05', '2026-01-02T03:04:05.000Z'],
    ['Asia/Shanghai', '2026-01-02 00:00:00.500', '2026-01-01T16:00:00.500Z'],
    ['America/New_York', '2026-03-08 01:59:59', '2026-03-08T06:59:59.000Z'],
    ['America/New_York', '2026-03-08 03:00:00', '2026-03-08T07:00:00.000Z'],
    ['America/New_York', '2026-11-01 01:30:00', '2026-11-01T05:30:00.000Z'],
    ['America/New_York', '2026-11-01 02:30:00', '2026-11-01T07:30:00.000Z'],
  ])('reads wall time of %s: %s', (zone, text, utc) => {
    expect(parseTime(text, zone)).toBe(Date.parse(utc))
  })

  it('reads a time that clocks skip as one after the change', () => {
    const at = parseTime('2026-03-08 02:30:00', 'America/New_York')
    expect(at).toBe(Date.parse('2026-03-08T07:30:00.000Z'))
  })

  it.each([
    '',
    '2026-02-30 00:00:00',
    '2026-01-02',
    '2026-01-02T03:04:05',
    '2026-01-02 25:00:00',
    '2026-13-01 00:00:00',
    'x',
  ])('refuses %j', (text) => {
    expect(parseTime(text, 'UTC')).toBeUndefined()
  })

  it('reads back what formatTime wrote, an hour that comes twice excepted', () => {
    for (
      let atMs = Date.parse('2026-01-01T00:00:00Z');
      atMs < Date.parse('2026-12-31T00:00:00Z');
      atMs += 7_777_777
    ) {
      const back = parseTime(formatTime(atMs, 'Europe/Berlin'), 'Europe/Berlin') ?? 0
      expect([0, 3_600_000]).toContain(atMs - back)
    }
  })
})
