import fc from 'fast-check'
import { parseFragment } from 'parse5'
import { describe, expect, it } from 'vitest'
import { html } from './html.ts'

interface Node {
  readonly nodeName: string
  readonly value?: string
  readonly attrs?: readonly { readonly name: string; readonly value: string }[]
  readonly childNodes?: readonly Node[]
}

/** What a browser sees may differ from what was sent in these only. */
const normalised = (text: string) => text.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd')

describe('html', () => {
  it('leaves every text as it was, and never lets it become markup', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('<', '>', '"', "'", '&', '</p>', '<script>', '&lt;', '`', '='))
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(anyText, anyText, (text, title) => {
        const { childNodes } = parseFragment(html`<p title="${title}">a${text}z</p>`.text) as unknown as Node
        const [paragraph, ...more] = childNodes ?? []
        expect(more).toEqual([])
        expect(paragraph?.attrs).toEqual([{ name: 'title', value: normalised(title) }])
        const children = paragraph?.childNodes ?? []
        expect(children.map(({ nodeName }) => nodeName)).toEqual(['#text'])
        expect(children[0]?.value).toBe(
          `a${normalised(text).replaceAll('\ufffd', text.includes('\0') ? '' : '\ufffd')}z`,
        )
      }),
    )
  })

  it('takes markup, lists and what is missing', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
    expect(html`<ul>${items}</ul>${undefined}${false}${3}`.text).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li></ul>3',
    )
  })
})
