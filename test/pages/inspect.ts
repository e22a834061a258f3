import axe from 'axe-core'
import type { Page } from 'playwright-core'
import type { Reader } from './story-parts.ts'

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

/** Everything that is wrong with a page as it stands; empty: nothing. */
export async function inspect(page: Page, { hasScripts }: Reader): Promise<readonly string[]> {
  return [
    ...(hasScripts ? await findBarriers(page) : []),
    ...(await findOverflow(page)),
    ...(await findSmallTargets(page)),
  ]
}

/** What keeps people out (WCAG 2.2, levels A and AA, and axe's own advice). */
async function findBarriers(page: Page): Promise<readonly string[]> {
  // evaluated as the browser's tool, not as the page's: the page's policy allows no script that is not its own
  await page.evaluate(axe.source)
  const results = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as AxeResults
  return results.violations.map(
    ({ id, nodes }) => `axe: ${id} at ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  )
}

async function findOverflow(page: Page): Promise<readonly string[]> {
  const { scrollWidth, clientWidth } = await page.locator('html').evaluate((root) => root)
  return scrollWidth > clientWidth ? [`wider than the window: ${scrollWidth} > ${clientWidth}`] : []
}

/** WCAG 2.2, 2.5.8 asks for 24 pixels; on a phone a finger wants 44. */
const TARGET_PIXELS_MIN = 44

async function findSmallTargets(page: Page): Promise<readonly string[]> {
  const targets = await page.locator('button:visible, a:visible, input:visible, select:visible').all()
  const found: string[] = []
  for (const target of targets) {
    const box = await target.boundingBox()
    if (box !== null && box.height < TARGET_PIXELS_MIN && box.x >= 0) {
      found.push(`only ${Math.round(box.height)} pixels high: ${(await target.innerText()).slice(0, 40)}`)
    }
  }
  return found
}
