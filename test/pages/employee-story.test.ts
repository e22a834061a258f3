import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultTenantSettings } from '../../src/core/tenants/tenant.ts'
import { openBrowser } from '../support/open-browser.ts'
import { type StartAppOptions, startApp, type TestApp } from '../support/start-app.ts'
import { inspect } from './inspect.ts'
import { beginTelling, type Look, type Reader, type Telling } from './story-parts.ts'
import { tellMainStory } from './tell-main-story.ts'
import { statesPolicy, tellOtherStates, tellSecondFactor } from './tell-other-states.ts'

/** Given by `npm run screenshots`. */
const pictures = process.env.REKEY_SCREENSHOTS

const languages = ['en', 'zh'] as const
const widths = [390, 1280] as const

function everyReader(reader: Pick<Reader, 'colorScheme' | 'hasScripts'>): readonly Reader[] {
  return languages.flatMap((language) => widths.map((width) => ({ language, width, ...reader })))
}

const light = everyReader({ colorScheme: 'light', hasScripts: true })
const dark = everyReader({ colorScheme: 'dark', hasScripts: true })
const unscripted = everyReader({ colorScheme: 'light', hasScripts: false })
/** The main story for everybody; the others for a phone and a desk that differ in everything. */
const readersOf = (isMain: boolean): readonly Reader[] => {
  if (pictures !== undefined) return [...light, ...dark]
  const [phone, desk] = [light.slice(0, 1), unscripted.slice(-1)]
  return isMain ? [...light, ...unscripted, ...dark.slice(-1)] : [...phone, ...desk, ...dark.slice(-2, -1)]
}

const { passwordPolicy, signIn, messages } = defaultTenantSettings
const settings = { messages: { ...messages, support: 'IT help desk, extension 100' } }

function describeStory(
  title: string,
  tell: (telling: Telling) => Promise<void>,
  options: StartAppOptions,
): void {
  describe(title, () => {
    let test: TestApp
    let browser: Browser
    beforeAll(async () => {
      test = await startApp('sqlite', options)
      browser = await openBrowser()
    })
    afterAll(async () => {
      await browser.close()
      await test.close()
    })

    it.each(readersOf(tell === tellMainStory))(
      'reads well and asks nobody else: $language, $width px, $colorScheme, scripts: $hasScripts',
      async (reader) => {
        const found: string[] = []
        const telling = await beginTelling(test, browser, reader, lookFor(reader, found))
        telling.context.on('request', (request) => {
          const url = request.url()
          if (!url.startsWith(test.url) && !url.startsWith('data:')) found.push(`asks ${url}`)
        })
        await tell(telling)
        await telling.context.close()
        expect(found).toEqual([])
      },
      120_000,
    )
  })
}

function lookFor(reader: Reader, found: string[]): Look {
  const { language, width, colorScheme } = reader
  return async (name, page) => {
    found.push(...(await inspect(page, reader)).map((one) => `${name}: ${one}`))
    if (pictures !== undefined) {
      const path = join(pictures, `${name}-${language}-${width}-${colorScheme}.png`)
      await page.screenshot({ path, fullPage: true })
    }
  }
}

describeStory('the story of a reset, from the message to a frozen account', tellMainStory, { settings })
describeStory('what befalls people beside it', tellOtherStates, {
  settings: { ...settings, passwordPolicy: { ...passwordPolicy, ...statesPolicy } },
})
describeStory('a code after the password', tellSecondFactor, {
  settings: { ...settings, signIn: { ...signIn, secondFactor: 'code' } },
})
