interface MessageHtml {
  readonly language: string
  readonly title: string
  /** From top to bottom, made by the functions below. */
  readonly blocks: readonly string[]
  readonly footer: readonly string[]
}

const font = `system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif`

/**
 * One calm card that fits a phone of 360 px. Every colour stands inline for mail programs that keep nothing else, and
 * again for dark mode where they do; text and its ground always change together.
 */
export function messageHtml({ language, title, blocks, footer }: MessageHtml): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .ground { background: #101418 !important; }
  .card { background: #1b2127 !important; border-color: #303942 !important; color: #e8edf2 !important; }
  .quiet { color: #a3b0bd !important; }
  .secret { background: #12283f !important; border-color: #3b6fa8 !important; color: #ffffff !important; }
  .fact { border-color: #303942 !important; }
}
@media (max-width: 480px) {
  .ground { padding: 12px !important; }
  .card { padding: 24px 20px !important; }
}
</style>
</head>
<body class="ground" style="margin: 0; padding: 32px 16px; background: #eef1f4; font: 16px/1.55 ${font};">
<div class="card" style="box-sizing: border-box; max-width: 540px; margin: 0 auto; padding: 32px; background: #ffffff; \
border: 1px solid #dde3e9; border-radius: 14px; color: #1c2733;">
<p class="quiet" style="margin: 0 0 4px; font-size: 14px; color: #5a6875;">{{ tenant_name }}</p>
<h1 style="margin: 0 0 20px; font-size: 23px; line-height: 1.3; font-weight: 650;">${title}</h1>
${blocks.join('\n')}
</div>
<p class="quiet" style="max-width: 500px; margin: 16px auto 0; padding: 0 20px; font-size: 13px; line-height: 1.5; \
color: #5a6875; overflow-wrap: anywhere;">${footer.join('<br>')}</p>
</body>
</html>
`
}

export function paragraph(text: string): string {
  return `<p style="margin: 0 0 16px;">${text}</p>`
}

/** Alone in its element, so that a double tap selects the password or code and nothing else. */
export function secretBlock(name: 'password' | 'code'): string {
  return `<p style="margin: 4px 0 20px;"><code class="secret" style="display: block; padding: 18px 12px; \
background: #eaf3fd; border: 1px solid #9cc3ec; border-radius: 10px; color: #0b2540; text-align: center; \
font: 600 23px/1.4 ui-monospace, 'SF Mono', Consolas, Menlo, monospace; white-space: pre-wrap; \
overflow-wrap: anywhere;">{{ ${name} }}</code></p>`
}

/** What somebody looks up, each with its name above it. */
export function facts(rows: readonly (readonly [name: string, value: string])[]): string {
  const lines = rows.map(
    ([name, value]) => `<div class="fact" style="padding: 10px 0; border-top: 1px solid #e3e8ed;">\
<dt class="quiet" style="font-size: 13px; color: #5a6875;">${name}</dt>\
<dd style="margin: 0; font-weight: 600; overflow-wrap: anywhere;">${value}</dd></div>`,
  )
  return `<dl style="margin: 0 0 12px;">\n${lines.join('\n')}\n</dl>`
}

/** What to do if something is not as it should be. */
export function advice(text: string): string {
  return `<p class="fact" style="margin: 0; padding-top: 16px; border-top: 1px solid #e3e8ed; font-size: 15px;">${text}</p>`
}
