import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../support/open-browser.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
import { inspect } from './inspect.ts'
import { beginTelling, type Reader } from './story-parts.ts'
import { tellMainStory } from './tell-main-story.ts'

const readers: readonly Reader[] = (['en', 'zh'] as const).flatMap((language) =>
  [390, 1280].flatMap((width) =>
    [true, false].map((hasScripts) => ({ language, width, hasScripts }) as const),
  ),
)

describe('an employee at a browser', () => {
  let test: TestApp
  let browser: Browser
  beforeAll(async () => {
    test = await startApp('sqlite')
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await test.close()
  })

  it.each(readers)(
    'uses a delivered password, helps themselves and freezes the account: $language, $width px, scripts: $hasScripts',
    async (reader) => {
      const found: string[] = []
      const elsewhere: string[] = []
      const telling = await beginTelling(test, browser, reader, async (name, page) => {
        found.push(...(await inspect(page, reader)).map((one) => `${name}: ${one}`))
      })
      telling.context.on('request', (request) => {
        if (!request.url().startsWith(test.url) && !request.url().startsWith('data:')) elsewhere.push(request.url())
      })
      await tellMainStory(telling)
      await telling.context.close()
      expect(found).toEqual([])
      expect(elsewhere).toEqual([])
    },
    120_000,
  )
})
