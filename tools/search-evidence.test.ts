import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { evidenceKinds } from '../test/support/evidence.ts'
import { searchEvidence } from './search-evidence.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) {
    rmSync(folder, { recursive: true })
  }
})

/** Of a run that made `count` passwords and left something of every kind. */
function leaveEvidence(count = 1_000): string {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-evidence-test-'))
  folders.push(folder)
  const passwords = Array.from({ length: count }, (_, index) => `Made${String(index).padStart(8, '0')}`)
  mkdirSync(join(folder, 'made-passwords'))
  writeFileSync(join(folder, 'made-passwords', '1'), passwords.join('\n'))
  for (const kind of evidenceKinds) {
    mkdirSync(join(folder, kind))
    writeFileSync(join(folder, kind, '1'), 'nothing of the kind')
  }
  return folder
}

describe('the canary', () => {
  it('passes when every kind of evidence is there and holds no password', () => {
    const { isClean, lines } = searchEvidence(leaveEvidence())
    expect(isClean).toBe(true)
    expect(lines[0]).toBe('1000 made passwords looked for')
  })

  it.each(evidenceKinds)('fails when a password stands in %s, and does not say which', (kind) => {
    const folder = leaveEvidence()
    mkdirSync(join(folder, kind, 'below'))
    writeFileSync(join(folder, kind, 'below', 'file'), Buffer.from('x Made00000042').toString('base64'))
    const { isClean, lines } = searchEvidence(folder)
    expect(isClean).toBe(false)
    expect(lines).toContain(`  ${kind}/below/file holds made password 43 (base64, third alignment)`)
    expect(lines.join()).not.toContain('Made00000042')
  })

  it.each(evidenceKinds)('fails when nothing was kept of %s', (kind) => {
    const folder = leaveEvidence()
    rmSync(join(folder, kind), { recursive: true })
    expect(searchEvidence(folder).isClean).toBe(false)
  })

  it('fails when hardly a password was recorded', () => {
    expect(searchEvidence(leaveEvidence(999)).isClean).toBe(false)
  })
})
