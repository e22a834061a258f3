import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settingDefinitions } from '../src/config/schema.ts'
import { type CatalogueEntry, catalogue, oauthCatalogue } from '../src/errors/catalogue.ts'
import { findStaleDocs } from './generate-docs.ts'
import { listFiles } from './list-files.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const entries: Readonly<Record<string, CatalogueEntry>> = { ...catalogue, ...oauthCatalogue }
const pages = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...listFiles('docs').filter((path) => path.endsWith('.md')),
]

describe('generated pages', () => {
  it('say what the sources say', async () => {
    expect(await findStaleDocs()).toEqual([])
  })

  it('list every setting', () => {
    const documented = [...read('docs/configuration.md').matchAll(/^\| `(REKEY_\w+)`/gm)].map(
      ([, name]) => name,
    )
    expect(documented).toEqual(Object.values(settingDefinitions).map(({ name }) => name))
  })
})

describe('the error catalogue', () => {
  it('is documented in full, and nothing else is', () => {
    const documented = [...read('docs/errors.md').matchAll(/^\| `([\w.]+)` \|/gm)].map(([, code]) => code)
    expect(documented.toSorted()).toEqual(Object.keys(entries).toSorted())
  })

  it.each(Object.entries(entries))('has both languages, a remedy and a status for %s', (_code, entry) => {
    expect(entry.en).not.toBe('')
    expect(entry.zh).not.toBe('')
    expect(entry.remedy).toMatch(/^[A-Z].*\.$/)
    expect(entry.status).toBeGreaterThanOrEqual(400)
  })

  const sources = listFiles('src')
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('src/errors/'))
    .map((path) => ({ path, text: read(path) }))

  it('has every code that the sources name', () => {
    const named = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/'((?:[A-Z]+\.)+\d{4})'/g)].map(([, code = '']) => ({ path, code })),
    )
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter(({ code }) => !(code in entries))).toEqual([])
  })

  it('has no code that nothing answers', () => {
    const all = sources.map(({ text }) => text).join('\n')
    expect(Object.keys(entries).filter((code) => !all.includes(`'${code}'`))).toEqual([])
  })
})

describe('docs/architecture.md', () => {
  const page = read('docs/architecture.md')
  const tree = /```text\n([\s\S]*?)```/.exec(page)?.[1] ?? ''

  it('shows the folders as they are', () => {
    const folders = ['bin', 'docs', 'src', 'test', 'tools'].flatMap((top) => [top, ...foldersBelow(top)])
    expect(pathsOfTree(tree, '/').toSorted()).toEqual(folders.toSorted())
  })

  it('shows only files that exist', () => {
    const files = pathsOfTree(tree, '')
    expect(files.length).toBeGreaterThan(0)
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('leads through a reset in five files that exist', () => {
    const steps = [...page.matchAll(/^\d\. `(src\/[^`]+)`/gm)].map(([, path = '']) => path)
    expect(steps).toEqual([
      'src/http/v2/tenant/users/rest-password.ts',
      'src/core/reset/reset-password.ts',
      'src/store/reset-repository.ts',
      'src/messaging/send-message.ts',
      'src/messaging/gateways/smtp.ts',
    ])
    expect(steps.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})

describe('the pages', () => {
  it.each(pages)('%s links only to what exists', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target)
    expect(links.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
  })

  it('tell the commands that really run', () => {
    const { scripts } = JSON.parse(read('package.json'))
    for (const command of ['npm ci && npm run demo', 'npm ci && npm test']) {
      expect(read('README.md')).toContain(command)
    }
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']))
    expect(read('.ci/run')).toContain('npm ci && npm test')
  })
})

describe('the sources', () => {
  it('have no file above 400 lines', () => {
    const long = ['src', 'test', 'tools']
      .flatMap((folder) => listFiles(folder))
      .filter((path) => path.endsWith('.ts') && read(path).trimEnd().split('\n').length > 400)
    expect(long).toEqual([])
  })
})

function foldersBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => `${folder}/${entry.name}`)
    .filter((path) => listFiles(path).length > 0)
    .flatMap((path) => [path, ...foldersBelow(path)])
}

/** Paths of the tree's lines whose name ends with `suffix` (`/`: folders) or, for an empty one, has no slash. */
function pathsOfTree(text: string, suffix: '/' | ''): readonly string[] {
  const parents: string[] = []
  return text.split('\n').flatMap((line) => {
    const [, indent = '', name = '', slash = ''] = /^( *)([^\s/]+)(\/?)/.exec(line) ?? []
    if (name === '') {
      return []
    }
    const depth = indent.length / 2
    const path = [...parents.slice(0, depth), name].join('/')
    if (slash === '/') {
      parents.splice(depth, Number.POSITIVE_INFINITY, name)
    }
    return slash === suffix ? [path] : []
  })
}
