import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../../../test/support/open-browser.ts'
import { renderBuiltIn } from '../../../test/support/rendered-message.ts'
import { templateEvents } from '../../core/notices/template-event.ts'
import { Secret } from '../../core/secret.ts'

const WIDTHS = [360, 600]
const schemes = ['light', 'dark'] as const
/** WCAG 2.2, level AA, for text of any size. */
const CONTRAST_MIN = 4.5

/** What a mail must bear: no word of it may push the page wider. */
const long = {
  name: 'Wladyslawa-Konstantyna'.repeat(4),
  userName: 'w'.repeat(120),
  tenantName: 'Donaudampfschifffahrtsgesellschaft'.repeat(3),
  support: `IT-Servicedesk-${'9'.repeat(60)}`,
  password: new Secret(`iIlL1|O0o${'W'.repeat(55)}`),
  signInUrl: `https://${'identity-of-a-very-long-name.'.repeat(3)}example/sign-in`,
}

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function open(html: string, width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
  await page.setContent(html)
  return page
}

const htmlOf = (
  ...call: [Parameters<typeof renderBuiltIn>[0], string, Parameters<typeof renderBuiltIn>[3]?]
) => renderBuiltIn(call[0], 'EMAIL', call[1], call[2]).html?.reveal() ?? ''

describe.each(['en', 'zh'])('a mail in %s', (language) => {
  it.each(templateEvents)(
    'fits phone and desk, and every word can be read in both schemes: %s',
    async (event) => {
      const page = await open('', 600, 'light')
      for (const change of [{}, long, { signInUrl: undefined, notMeUrl: undefined }]) {
        await page.setContent(htmlOf(event, language, change))
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 })
          for (const colorScheme of schemes) {
            await page.emulateMedia({ colorScheme })
            const found = await page.evaluate<Measured>(measure)
            expect(found.width, `${width} ${colorScheme}`).toBeLessThanOrEqual(width)
            expect(found.worst.contrast, `${colorScheme}: ${found.worst.text}`).toBeGreaterThanOrEqual(
              CONTRAST_MIN,
            )
            expect(found.texts).toBeGreaterThan(5)
          }
        }
      }
      await page.close()
    },
    60_000,
  )
})

describe('the password in a mail', () => {
  it('is selected as a whole and nothing else by one click, also where it takes two lines', async () => {
    for (const password of ['aZ9kP2mQx7wT', long.password.reveal()]) {
      const page = await open(
        htmlOf('reset-password', 'en', { password: new Secret(password) }),
        360,
        'light',
      )
      await page.click('code')
      expect(await page.evaluate<string>('getSelection().toString()')).toBe(password)
      await page.close()
    }
  })

  it('stands in letters that all have one width, none of them joined', async () => {
    const page = await open(htmlOf('reset-password', 'en'), 360, 'light')
    const widths = await page.evaluate<number[]>(`(() => {
      const context = document.createElement('canvas').getContext('2d')
      const style = getComputedStyle(document.querySelector('code'))
      context.font = style.font || style.fontSize + ' ' + style.fontFamily
      return ['i', 'W', '1', 'O'].map((letter) => context.measureText(letter).width)
    })()`)
    expect(new Set(widths).size).toBe(1)
    const style = 'getComputedStyle(document.querySelector("code")).fontVariantLigatures'
    expect(await page.evaluate(style)).toBe('none')
    await page.close()
  })
})

it('a mail asks for nothing, whatever its reader does', async () => {
  const page = await open('', 600, 'light')
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.setContent(htmlOf('reset-password', 'en'), { waitUntil: 'networkidle' })
  expect(asked).toEqual([])
  await page.close()
})

interface Measured {
  readonly width: number
  readonly texts: number
  readonly worst: { readonly contrast: number; readonly text: string }
}

/** Every text that is shown, against the nearest ground behind it. */
const measure = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number)
  const luminance = (color) => {
    const [r, g, b] = parse(color).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  let worst = { contrast: 99, text: '' }
  let texts = 0
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement
    const text = walker.currentNode.textContent.trim()
    if (text === '' || element.getClientRects().length === 0) continue
    texts += 1
    let behind = element
    while (parse(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement
    const pair = [luminance(getComputedStyle(element).color), luminance(getComputedStyle(behind).backgroundColor)]
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05)
    if (contrast < worst.contrast) worst = { contrast, text: text.slice(0, 40) }
  }
  return { width: document.documentElement.scrollWidth, texts, worst }
})()`
