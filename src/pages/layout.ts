import { SCRIPT_PATH, STYLE_PATH } from './assets.ts'
import { form } from './form.ts'
import { type Html, html } from './html.ts'
import type { PageContent } from './page-content.ts'
import type { Visit } from './visit.ts'

/** What surrounds every page: whose it is above, language and help below. */
export function layout(
  visit: Visit,
  { title, subtitle, body, isWide, hasProblem }: PageContent & { readonly hasProblem: boolean },
): Html {
  const { request, language, texts } = visit
  const { name, settings } = request.tenant
  const { support } = settings.messages
  return html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${hasProblem && html`${texts.problems.heading}: `}${title} · ${name}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${STYLE_PATH}">
<script src="${SCRIPT_PATH}" defer></script>
</head>
<body>
<a class="skip" href="#content">${texts.layout.skip}</a>
<header>${logo(settings.pages.logo)}<span class="company">${name}</span></header>
<main id="content"${isWide === true && html` class="wide"`}>
<h1>${title}</h1>
${subtitle !== undefined && html`<p class="subtitle">${subtitle}</p>`}
${body}
</main>
<footer>
${support !== '' && html`<p>${texts.layout.support(support)}</p>`}
${languageForm(visit)}
</footer>
</body>
</html>
`
}

function logo(source: string): Html | undefined {
  return source === '' ? undefined : html`<img class="logo" src="${source}" alt="" width="32" height="32">`
}

/** A form, not a link: it changes a cookie. */
function languageForm(visit: Visit): Html {
  const { language, texts } = visit
  const other = language === 'zh' ? 'en' : 'zh'
  return form(
    visit,
    '/language',
    html`<input type="hidden" name="language" value="${other}">
<button class="link" lang="${other === 'zh' ? 'zh-CN' : 'en'}">${texts.layout.otherLanguage}</button>`,
  )
}
