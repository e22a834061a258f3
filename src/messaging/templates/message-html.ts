interface MessageHtml {
  readonly language: string
  readonly title: string
  /** What lists of messages show beside the subject: never a password or code, which would stand on locked screens. */
  readonly preview: string
  /** From top to bottom, made by the functions of `message-blocks.ts`. */
  readonly blocks: readonly string[]
  readonly footer: readonly string[]
}

const font = `-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'PingFang SC', \
'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif`

/**
 * Every colour that stands inline, by class, and what it is in dark mode. Text and its ground always change together, so
 * that a mail program that keeps only one of the two sets shows something legible.
 */
const dark = [
  ['.ground', 'background-color: #0f1419 !important;'],
  ['.card', 'background-color: #1a2027 !important; border-color: #2d3742 !important;'],
  ['.ink', 'color: #e9eef3 !important;'],
  ['.quiet', 'color: #a7b4c1 !important;'],
  ['.secret', 'background-color: #11263c !important; border-color: #35628f !important;'],
  ['.secret-text', 'color: #f4f9ff !important;'],
  ['.line', 'border-color: #2d3742 !important;'],
  ['.button', 'background-color: #2f6fd0 !important;'],
  ['.button-text', 'color: #ffffff !important;'],
  ['.link', 'color: #8dbdf8 !important;'],
  ['.warn', 'background-color: #2a2216 !important; border-color: #5a4824 !important;'],
  ['.warn-text', 'color: #f3e3c6 !important;'],
  ['.warn-link', 'color: #ffc66b !important;'],
] as const

/** `[data-ogsc]` stands where Outlook on the web forces its dark mode and ignores the media query. */
const darkRules = `@media (prefers-color-scheme: dark) {
${dark.map(([selector, rules]) => `  ${selector} { ${rules} }`).join('\n')}
}
${dark.map(([selector, rules]) => `[data-ogsc] ${selector}, [data-ogsb] ${selector} { ${rules} }`).join('\n')}`

/**
 * One calm card that fits a phone of 360 px, in tables, because Outlook lays out nothing else. Nothing is loaded from
 * anywhere: no picture, font or style sheet.
 */
export function messageHtml({ language, title, preview, blocks, footer }: MessageHtml): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="date=no, address=no">
<title>${title}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a[x-apple-data-detectors] { color: inherit !important; text-decoration: inherit !important; }
${darkRules}
@media (max-width: 480px) {
  .ground-cell { padding: 12px 10px 20px !important; }
  .card { padding: 24px 20px !important; }
  .button-place { width: 100% !important; }
  .button-text { display: block !important; text-align: center !important; }
}
</style>
</head>
<body class="ground" style="margin: 0; padding: 0; background-color: #eef1f5; -webkit-text-size-adjust: 100%; \
text-size-adjust: 100%;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">${preview}${'&#847;&zwnj;&nbsp;'.repeat(60)}</div>
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="background-color: #eef1f5; table-layout: fixed;">
<tr><td class="ground-cell" align="center" style="padding: 32px 16px 40px; font-family: ${font};">
<!--[if mso]><table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="max-width: 560px; margin: 0 auto; table-layout: fixed;">
<tr><td class="quiet" style="padding: 0 4px 12px; font-size: 14px; line-height: 20px; font-weight: 600; \
color: #56636f; overflow-wrap: anywhere;">{{ tenant_name }}</td></tr>
<tr><td class="card" style="padding: 32px 36px; background-color: #ffffff; border: 1px solid #dce2e8; \
border-radius: 14px; text-align: left;">
<h1 class="ink" style="margin: 0 0 14px; font-size: 24px; line-height: 31px; font-weight: 700; \
color: #17212b;">${title}</h1>
${blocks.join('\n')}
</td></tr>
<tr><td class="quiet" style="padding: 16px 4px 0; font-size: 13px; line-height: 20px; color: #56636f; \
text-align: left; overflow-wrap: anywhere;">${footer.join('<br>')}</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
`
}
