import { form } from '../form.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

const languages = [
  ['en', 'English', 'en'],
  ['zh', '中文', 'zh-CN'],
] as const

/** Each language by its own name. */
export function languageSection(visit: Visit): Html {
  const { account } = visit.texts
  const options = languages.map(
    ([code, name, tag]) =>
      html`<option value="${code}" lang="${tag}"${code === visit.language && html` selected`}>${name}</option>`,
  )
  return html`<section aria-labelledby="language-title">
<h2 id="language-title">${account.language}</h2>
<p class="quiet" id="language-help">${account.languageHelp}</p>
${form(
  visit,
  '/language',
  html`<input type="hidden" name="from" value="account"><div class="row">
<select name="language" aria-labelledby="language-title" aria-describedby="language-help">${options}</select>
<button>${account.save}</button></div>`,
)}
</section>`
}
