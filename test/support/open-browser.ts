import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** The machine's Chromium; close it when done. `tools/setup.ts` sees to it that there is one. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
    .find((file) => existsSync(file))
  // root, and containers, cannot have the sandbox; only our own pages are opened
  return await chromium.launch({ executablePath: executablePath ?? 'chromium', args: ['--no-sandbox'] })
}
