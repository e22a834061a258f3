/** Reads on with the next block. */
export function paragraph(text: string): string {
  return `<p class="ink" style="margin: 0 0 18px; font-size: 16px; line-height: 25px; color: #17212b; \
overflow-wrap: anywhere;">${text}</p>`
}

/**
 * Alone in its element, so that one click or a double tap selects the password or code and nothing else. In letters that
 * keep 0 from O and 1 from l, and no two of which are joined into one.
 */
export function secretBlock(name: 'password' | 'code'): string {
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="margin: 0 0 20px; table-layout: fixed;"><tr><td class="secret" align="center" style="padding: 18px 14px; \
background-color: #eaf3fd; border: 1px solid #a3c8ee; border-radius: 10px;"><code class="secret-text" dir="ltr" \
translate="no" style="font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Cascadia Mono', 'DejaVu Sans Mono', \
'Liberation Mono', monospace; font-size: 24px; line-height: 34px; font-weight: 600; color: #0b2540; \
font-variant-ligatures: none; font-variant-numeric: slashed-zero; white-space: pre-wrap; overflow-wrap: anywhere; \
word-break: break-all; -webkit-user-select: all; user-select: all;">{{ ${name} }}</code></td></tr></table>`
}

/**
 * A button to the sign-in page with its address in plain sight below it, which a reader can compare with what they know.
 * Nothing, where no address of ours is known.
 */
export function signInButton(label: string): string {
  return `{% if sign_in_url != "" %}<table role="presentation" class="button-place" cellpadding="0" cellspacing="0" \
border="0" style="margin: 0 0 10px;"><tr><td class="button" style="background-color: #1d5fc4; border-radius: 9px;">\
<a class="button-text" href="{{ sign_in_url }}" style="display: inline-block; padding: 12px 28px; font-size: 16px; \
line-height: 22px; font-weight: 600; color: #ffffff; text-decoration: none;">${label}</a></td></tr></table>
<p class="quiet" style="margin: 0 0 22px; font-size: 13px; line-height: 20px; color: #56636f; \
overflow-wrap: anywhere;">{{ sign_in_url }}</p>{% endif %}`
}

/** What somebody looks up, each with its name above it. */
export function facts(rows: readonly (readonly [name: string, value: string])[]): string {
  const lines = rows.map(
    ([name, value]) => `<tr><td class="line" style="padding: 11px 0; border-top: 1px solid #e3e8ed;">\
<div class="quiet" style="font-size: 13px; line-height: 18px; color: #56636f;">${name}</div>\
<div class="ink" style="font-size: 16px; line-height: 24px; font-weight: 600; color: #17212b; \
overflow-wrap: anywhere;">${value}</div></td></tr>`,
  )
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="margin: 0 0 14px; table-layout: fixed;">\n${lines.join('\n')}\n</table>`
}

/** What to do if something is not as it should be: set apart, because it is read in a hurry or not at all. */
export function warning(title: string, text: string): string {
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="table-layout: fixed;"><tr><td class="warn" style="padding: 16px 18px; background-color: #fdf5e6; \
border: 1px solid #ecd7ab; border-radius: 10px;">
<div class="warn-text" style="margin: 0 0 4px; font-size: 15px; line-height: 22px; font-weight: 700; \
color: #43310d;">${title}</div>
<div class="warn-text" style="font-size: 15px; line-height: 23px; color: #43310d; overflow-wrap: anywhere;">${text}</div>
</td></tr></table>`
}

/** The link with which the reader says that this was not them, inside a warning. */
export function notMeLink(label: string): string {
  return `<a class="warn-link" href="{{ not_me_url }}" style="font-weight: 700; color: #8a4b00; \
text-decoration: underline;">${label}</a>`
}
