import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureSms } from './sms-segments.ts'

const EXTENSION = '\f^{}\\[~]|€'
const gsmBasic = fc.constantFrom(
  ...'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const gsm = fc.oneof({ weight: 8, arbitrary: gsmBasic }, fc.constantFrom(...EXTENSION))

describe('measureSms', () => {
  it.each([
    ['', 'GSM-7', 0, 1],
    ['a'.repeat(160), 'GSM-7', 160, 1],
    ['a'.repeat(161), 'GSM-7', 161, 2],
    ['a'.repeat(306), 'GSM-7', 306, 2],
    ['a'.repeat(307), 'GSM-7', 307, 3],
    ['€'.repeat(80), 'GSM-7', 160, 1],
    // a pair that would stand across the end of a segment begins the next one
    [`${'a'.repeat(152)}€${'a'.repeat(151)}`, 'GSM-7', 305, 2],
    [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 306, 3],
    ['王'.repeat(70), 'UCS-2', 70, 1],
    ['王'.repeat(71), 'UCS-2', 71, 2],
    ['王'.repeat(134), 'UCS-2', 134, 2],
    ['王'.repeat(135), 'UCS-2', 135, 3],
    ['😀'.repeat(35), 'UCS-2', 70, 1],
    // 67 is odd: the last unit of each segment stays empty
    ['😀'.repeat(67), 'UCS-2', 134, 3],
    [`${'a'.repeat(69)}ç`, 'UCS-2', 70, 1],
  ] as const)('counts what is paid for: %.8s…', (text, encoding, units, segments) => {
    expect(measureSms(text)).toMatchObject({ encoding, units, segments })
  })

  it('knows the 127 characters of the basic table, and no other of Latin-1 and Greek', () => {
    const all = Array.from({ length: 0x400 }, (_, code) => String.fromCharCode(code))
    const isBasic = (one: string) => measureSms(one).encoding === 'GSM-7' && measureSms(one).units === 1
    expect(all.filter(isBasic)).toHaveLength(127)
  })

  it('cuts a GSM text into as many segments as cutting it by hand gives', () => {
    fc.assert(
      fc.property(fc.array(gsm, { maxLength: 500 }), (characters) => {
        const septets = characters.map((one) => (EXTENSION.includes(one) ? 2 : 1))
        const total = septets.reduce((sum, size) => sum + size, 0)
        const parts: number[][] = [[]]
        for (const size of septets) {
          const last = parts.at(-1) ?? []
          const filled = last.reduce((sum, one) => sum + one, 0)
          if (filled + size > 153) parts.push([size])
          else last.push(size)
        }
        const size = measureSms(characters.join(''))
        expect(size.encoding).toBe('GSM-7')
        expect(size.units).toBe(total)
        expect(size.segments).toBe(total <= 160 ? 1 : parts.length)
      }),
    )
  })

  it('never costs less with a character more, and one beyond the alphabet never makes it cheaper', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
        (text, more) => {
          expect(measureSms(text + more).segments).toBeGreaterThanOrEqual(measureSms(text).segments)
          expect(measureSms(`${text}王`).segments).toBeGreaterThanOrEqual(measureSms(text).segments)
          expect(measureSms(text).unitsLeft).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })
})
