import { parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import type { MailboxMessage } from '../messaging/gateways/mailbox.ts'
import { mailboxPolicy, renderMailbox } from './render-mailbox.ts'

const at = Date.UTC(2026, 0, 2, 3, 4, 5)
const hostile = `<script>alert(1)</script><img src=x onerror='a'>"&amp;`

function message(change: Partial<MailboxMessage>): MailboxMessage {
  return {
    at,
    channel: 'EMAIL',
    to: 'alice@acme.example',
    subject: 'New password',
    text: 'Hx7p',
    html: '<p>Hx7p</p>',
    ...change,
  }
}

function elementsOf(html: string): readonly string[] {
  const names: string[] = []
  const visit = (node: { nodeName: string; childNodes?: unknown[] }) => {
    names.push(node.nodeName)
    for (const child of node.childNodes ?? []) {
      visit(child as { nodeName: string; childNodes?: unknown[] })
    }
  }
  visit(parse(html))
  return names
}

describe('renderMailbox', () => {
  it('shows what a sender wrote as text, whatever it is', () => {
    const html = renderMailbox([message({ subject: hostile, text: hostile, to: hostile })], '')
    expect(elementsOf(html)).not.toContain('script')
    expect(elementsOf(html)).not.toContain('img')
    expect(html.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;/g)).toHaveLength(3)
  })

  it('keeps the order it is given, with one article for each message', () => {
    const html = renderMailbox([message({ text: 'Sent later' }), message({ text: 'Sent before' })], '')
    expect(elementsOf(html).filter((name) => name === 'article')).toHaveLength(2)
    expect(html.indexOf('Sent later')).toBeLessThan(html.indexOf('Sent before'))
  })

  it('names the recipient and the time of a text message, which has no subject', () => {
    const html = renderMailbox([message({ channel: 'SMS', to: '+8613800000001', subject: '' })], '')
    expect(html).toContain('Text message to +8613800000001')
    expect(html).toContain('2026-01-02 03:04:05 UTC')
  })

  it('says what to do while there is nothing, with the command to paste', () => {
    const html = renderMailbox([], `curl -H "Authorization: Bearer $TOKEN" 'http://127.0.0.1'`)
    expect(html).toContain('No messages yet')
    expect(html).toContain('curl -H &quot;Authorization: Bearer $TOKEN&quot;')
  })

  it('allows no script and nothing to be loaded', () => {
    expect(mailboxPolicy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src data:;/)
    expect(mailboxPolicy).not.toContain('unsafe')
    expect(elementsOf(renderMailbox([message({})], ''))).not.toContain('script')
  })
})
