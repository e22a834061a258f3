import { describe, expect, it } from 'vitest'
import type { MessageTemplate } from './template.ts'
import { builtInTemplate } from './templates/built-in-templates.ts'
import { resetPasswordEmailEn, resetPasswordSmsEn } from './templates/reset-password-en.ts'
import { resetPasswordEmailZh, resetPasswordSmsZh } from './templates/reset-password-zh.ts'
import { validateTemplate } from './validate-template.ts'

const mail: MessageTemplate = {
  channel: 'EMAIL',
  subject: 'Your new password',
  text: 'Hello {{ name }}, your new password is {{ password }}. It works until {{ expires_at }}.',
  html: undefined,
}

describe('validateTemplate', () => {
  it.each([resetPasswordEmailEn, resetPasswordEmailZh, resetPasswordSmsEn, resetPasswordSmsZh, mail])(
    'finds nothing wrong with $subject',
    (template) => {
      expect(validateTemplate('reset-password', template)).toEqual([])
    },
  )

  it.each([
    [{ text: 'a\nb {{ password' }, /^text, line 2: .*not closed/],
    [
      { text: '{{ password }}\n{{ expiry }}' },
      /^text, line 2: expiry is no variable: use one of name, user_name/,
    ],
    [{ text: '{{ password | nope }}' }, /^text, line 1: undefined filter: nope/],
    [{ text: '{{ password | raw }}' }, /^text, line 1: undefined filter: raw/],
    [{ text: 'x\n{{ password | upcase }}' }, /^text, line 2: \{\{ password \}\} has a filter/],
    [{ text: '{% assign p = password | strip %}{{ p }}' }, /^text, line 1: \{\{ password \}\} has a filter/],
    [{ text: '{% for x in name %}{% endfor %}{{ password }}' }, /^text, line 1: tag "for" not found/],
    [{ text: '{% render "x" %}{{ password }}' }, /^text, line 1: tag "render" not found/],
    [{ text: 'Hello {{ name }}' }, /^text does not show the password: add/],
    [
      { text: '{% if name == "x" %}{{ password }}{% endif %}' },
      /^text, line 1: does not show the password as it is/,
    ],
    [{ subject: 'New: {{ password }}' }, /^subject, line 1: shows the password: remove it there/],
    [{ subject: 'New\r\nBcc: x@evil.example' }, /^subject, line 1: breaks off here: it must be one line/],
    [{ subject: '{{ nobody }}' }, /^subject, line 1: nobody is no variable/],
    [{ html: '<p>Hello</p>' }, /^html does not show the password: add/],
    [{ html: '<!-- {{ password }} -->' }, /^html, line 1: does not show the password as it is/],
    [{ html: '<style>{{ password }}</style>' }, /^html, line 1: does not show the password as it is/],
    [{ html: '<a href="x?{{ password }}">x</a>' }, /^html, line 1: does not show the password as it is/],
  ])('says what is wrong with %j', (change, problem) => {
    const problems = validateTemplate('reset-password', { ...mail, ...change })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(problem)
  })

  it('tells the problems of all parts at once', () => {
    const problems = validateTemplate('reset-password', {
      ...mail,
      subject: '{{ a }}',
      text: '{{ b }}',
      html: '{{ c',
    })
    expect(problems.map((problem) => problem.split(/[ ,]/)[0])).toEqual(['subject', 'text', 'html'])
  })
})

describe.each(['password-changed', 'contact-changed', 'account-locked'] as const)(
  'validateTemplate of %s',
  (event) => {
    it.each(['en', 'zh'])('finds nothing wrong with the built-in ones (%s)', (language) => {
      for (const channel of ['EMAIL', 'SMS'] as const) {
        const template = builtInTemplate(event, channel, language)
        expect(template && validateTemplate(event, template)).toEqual([])
      }
    })

    it('takes a text without a password, and refuses one with it', () => {
      expect(validateTemplate(event, { ...mail, text: 'Hello {{ name }}' })).toEqual([])
      expect(
        validateTemplate(event, { ...mail, text: 'Hello\n{{ password }}', html: '{{ password | upcase }}' }),
      ).toEqual([
        `text, line 2: {{ password }} has no place in ${event}: remove it, this message only tells that something happened`,
        `html, line 1: {{ password }} has no place in ${event}: remove it, this message only tells that something happened`,
      ])
    })

    it('knows the variables of its event only', () => {
      expect(validateTemplate(event, { ...mail, text: 'until {{ expires_at }}' })).toEqual([
        expect.stringMatching(/^text, line 1: expires_at is no variable: use one of name, .*occurred_at/),
      ])
    })
  },
)
