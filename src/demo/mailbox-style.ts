/** Styles of the mailbox page: one column that fits a phone, colours with a contrast of 7:1 and more in both schemes. */
export const mailboxStyle = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #fff; --text: #1b1f24; --soft: #4a525c; --line: #d4d8de; --link: #0b4a9e;
  --mail: #e3edfb; --mail-text: #0b3f85; --sms: #e2f2e6; --sms-text: #14502a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1d2126; --text: #eceff2; --soft: #b6bec8; --line: #3a4149; --link: #9cc6ff;
    --mail: #1c3554; --mail-text: #cfe3ff; --sms: #1b3d28; --sms-text: #c9efd5;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 0; font-size: 1.125rem; line-height: 1.35; overflow-wrap: anywhere; }
p { margin: .25rem 0 0; }
.soft { margin: .5rem 0 1.125rem; color: var(--soft); }
header { display: flex; align-items: center; justify-content: space-between; gap: 1rem; }
a.reload {
  display: inline-block; padding: .625rem 1.125rem; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--card); color: var(--link); font-weight: 600; text-decoration: none;
}
a.reload:hover { text-decoration: underline; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .875rem; }
article, .empty { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.125rem; }
.kind { display: inline-block; margin: 0 0 .5rem; padding: .0625rem .625rem; border-radius: 1rem; font-size: .875rem; }
.email { background: var(--mail); color: var(--mail-text); }
.sms { background: var(--sms); color: var(--sms-text); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .125rem .75rem; margin: .375rem 0 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.text {
  margin: .875rem 0 0; padding-top: .875rem; border-top: 1px solid var(--line);
  font: 1rem/1.6 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
pre {
  margin: .75rem 0; padding: .75rem; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--page); font: .875rem/1.55 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
code { font: inherit; }
`
