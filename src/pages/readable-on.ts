/**
 * Black or white, whichever stands out more from the color: one of them always has a contrast of at least 4.5 to 1
 * (WCAG 2.2, 1.4.3; relative luminance as defined there).
 * @param color `#rrggbb`
 */
export function readableOn(color: string): '#000000' | '#ffffff' {
  const luminance = relativeLuminance(color)
  return contrast(luminance, 1) >= contrast(luminance, 0) ? '#ffffff' : '#000000'
}

export function relativeLuminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(color.slice(start, start + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

export function contrast(left: number, right: number): number {
  return (Math.max(left, right) + 0.05) / (Math.min(left, right) + 0.05)
}
