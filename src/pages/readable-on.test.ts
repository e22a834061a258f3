import fc from 'fast-check'
import { expect, it } from 'vitest'
import { contrast, readableOn, relativeLuminance } from './readable-on.ts'

it('finds for every color a text color with a contrast of at least 4.5', () => {
  const anyColor = fc.integer({ min: 0, max: 0xffffff }).map((rgb) => `#${rgb.toString(16).padStart(6, '0')}`)
  fc.assert(
    fc.property(anyColor, (color) => {
      const [back, text] = [relativeLuminance(color), relativeLuminance(readableOn(color))]
      expect(contrast(back, text)).toBeGreaterThanOrEqual(4.5)
    }),
  )
})

it('knows the contrast of black and white', () => {
  expect(contrast(relativeLuminance('#000000'), relativeLuminance('#ffffff'))).toBeCloseTo(21)
})
