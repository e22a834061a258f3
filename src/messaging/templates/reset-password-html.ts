interface ResetPasswordTexts {
  readonly language: string
  readonly title: string
  readonly greeting: string
  readonly whatHappened: string
  readonly validity: string
  readonly whatNext: string
  readonly unexpected: string
  readonly footer: string
}

/**
 * One calm column that fits a phone. Colours are left to the mail program wherever they carry text, so that dark mode
 * turns all of it; the password stands alone in its element, so that a double tap selects it and nothing else.
 */
export function resetPasswordHtml(texts: ResetPasswordTexts): string {
  return `<!doctype html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${texts.title}</title>
<style>:root { color-scheme: light dark; supported-color-schemes: light dark; }</style>
</head>
<body style="margin: 0; padding: 0;">
<div style="max-width: 34em; margin: 0 auto; padding: 24px; font: 16px/1.5 system-ui, 'Segoe UI', 'PingFang SC', \
'Microsoft YaHei', sans-serif;">
<p>${texts.greeting}</p>
<p>${texts.whatHappened}</p>
<p style="margin: 24px 0;"><code style="display: block; padding: 16px; border: 2px solid #808080; \
border-radius: 8px; font: bold 22px/1.4 ui-monospace, Consolas, Menlo, monospace; white-space: pre-wrap; \
overflow-wrap: anywhere;">{{ password }}</code></p>
<p>${texts.validity}</p>
<p>${texts.whatNext}</p>
<p>${texts.unexpected}</p>
<p style="margin-top: 32px; font-size: 14px; opacity: 0.75;">${texts.footer}</p>
</div>
</body>
</html>
`
}
