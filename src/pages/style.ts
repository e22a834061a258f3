import { readableOn } from './readable-on.ts'

/**
 * One narrow column; the thing to do stands out, everything else is quiet. Sizes in rem, so that they grow with the
 * reader's own. Whatever can be pressed is at least 44 pixels high (WCAG 2.2, 2.5.8 asks for 24).
 * @param color the tenant's, `#14508c`; it stands behind the text of buttons and nowhere else
 */
export function pageStyle(color: string): string {
  return `:root { --brand: ${color}; --on-brand: ${readableOn(color)}; }\n${rules}`
}

const rules = `
:root {
  color-scheme: light dark;
  --page: #f3f4f6; --card: #ffffff; --ink: #1b1f24; --quiet: #565e68; --line: #d5d9de; --edge: #767e88;
  --link: #0b57a4; --bad: #a51d1d; --bad-card: #fdf1f1; --good: #14663a; --good-card: #eef8f1; --focus: #0b57a4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1d2125; --ink: #e9ecef; --quiet: #a9b1ba; --line: #353b42; --edge: #8b949e;
    --link: #8fc1ff; --bad: #ffa4a0; --bad-card: #341b1b; --good: #8fdcae; --good-card: #16291e; --focus: #8fc1ff;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center;
  background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
  padding: 0 1rem; overflow-wrap: break-word;
}
header, main, footer { width: 100%; max-width: 27rem; }
header { display: flex; align-items: center; gap: .625rem; padding: 1.5rem 0 1rem; }
.logo { display: block; width: 2rem; height: 2rem; object-fit: contain; }
.company { font-weight: 600; }
main {
  background: var(--card); border: 1px solid var(--line); border-radius: .875rem; padding: 1.75rem 1.5rem 2rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / .05);
}
main.wide { max-width: 40rem; }
body:has(main.wide) header, body:has(main.wide) footer { max-width: 40rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; letter-spacing: -.01em; }
h1:has(+ .subtitle) { margin-bottom: .25rem; }
h2 { font-size: 1.0625rem; line-height: 1.35; margin: 0 0 .5rem; }
.subtitle { margin: 0 0 1.25rem; color: var(--quiet); }
.wide .subtitle { margin-bottom: 0; }
p { margin: 0 0 1rem; }
a { color: var(--link); text-underline-offset: .2em; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .75rem; z-index: 1; }
.field { margin: 0 0 1.25rem; }
label { display: block; font-weight: 600; margin: 0 0 .375rem; }
input[type=text], input[type=password], select {
  width: 100%; min-height: 2.875rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--edge); border-radius: .5rem;
}
input.code { font-size: 1.375rem; letter-spacing: .25em; font-variant-numeric: tabular-nums; max-width: 12rem; }
input[aria-invalid=true] { border-color: var(--bad); border-width: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
button, .button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 2.875rem; padding: .5rem 1.25rem;
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; border-radius: .5rem; cursor: pointer;
  border: 1px solid var(--edge); background: var(--card); color: var(--ink);
}
button:hover, .button:hover { filter: brightness(.96); }
button.main, .button.main { width: 100%; background: var(--brand); color: var(--on-brand); border-color: transparent; }
button.main:hover, .button.main:hover { filter: brightness(1.1); }
button.danger { width: 100%; background: #a51d1d; color: #fff; border-color: transparent; }
button.link {
  min-height: 2.75rem; padding: .25rem .5rem; border: 0; background: none; color: var(--link); font-weight: 400;
  text-decoration: underline; text-underline-offset: .2em;
}
.below { display: flex; flex-wrap: wrap; justify-content: center; gap: .25rem 1rem; margin: 1rem 0 0; }
.below a { display: inline-flex; align-items: center; min-height: 2.75rem; }
.stack { display: grid; gap: .75rem; }
.stack form, .stack p { margin: 0; }
.stack .button, .stack button { width: 100%; }
.stack button.link { width: 100%; }
.box { border-radius: .5rem; padding: .875rem 1rem; margin: 0 0 1.25rem; border-left: .25rem solid var(--edge);
  background: var(--page); }
.box p { margin: 0; }
.box.bad { background: var(--bad-card); border-color: var(--bad); }
.box.bad strong { color: var(--bad); }
.box.good { background: var(--good-card); border-color: var(--good); }
.problem { color: var(--bad); font-weight: 600; margin: 0 0 .375rem; }
.hint { color: var(--quiet); font-size: .9375rem; margin: .375rem 0 0; }
p.hint:has(+ .main) { margin: 0 0 1.25rem; }
.reveal { display: flex; gap: .5rem; }
.reveal input { flex: 1; min-width: 0; }
.reveal button { flex: none; padding: .5rem .875rem; }
.rules { list-style: none; margin: .75rem 0 0; padding: 0; font-size: .9375rem; }
.rules-box { margin: 0 0 1.25rem; }
.rules-title { margin: .75rem 0 0; font-size: .9375rem; color: var(--quiet); }
.rules-title + .rules { margin-top: .25rem; }
.rules li { position: relative; padding: .125rem 0 .125rem 1.5rem; color: var(--quiet); }
.rules li::before { content: ""; position: absolute; left: .375rem; top: .75rem; width: .375rem; height: .375rem;
  border-radius: 50%; background: currentColor; }
.rules li.met { color: var(--good); }
.rules li.met::before { content: "✓"; background: none; left: .125rem; top: .125rem; width: auto; height: auto;
  font-weight: 700; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
footer { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem 1rem;
  padding: 1rem 0 2rem; color: var(--quiet); font-size: .9375rem; }
footer p { margin: 0; }
footer form { margin: 0 0 0 auto; }
section { padding: 1.5rem 0 0; margin: 1.5rem 0 0; border-top: 1px solid var(--line); }
.row { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1rem; }
.row > :first-child { flex: 1 1 11rem; min-width: 0; overflow-wrap: anywhere; }
.row .button, .row button { padding: .5rem 1rem; font-weight: 500; }
.row form { flex: none; margin: 0; }
.list { list-style: none; margin: 0; padding: 0; }
.list > li { padding: .75rem 0; border-top: 1px solid var(--line); }
.list > li:first-child { border-top: 0; }
.list p { margin: 0; }
.quiet { color: var(--quiet); font-size: .9375rem; }
.sign-out form { margin: 0 0 0 -.5rem; }
.tag { display: inline-block; margin-left: .5rem; padding: 0 .5rem; border-radius: 1rem; font-size: .8125rem;
  background: var(--good-card); color: var(--good); }
dialog { border: 1px solid var(--line); border-radius: .875rem; padding: 1.5rem; max-width: 22rem; color: var(--ink);
  background: var(--card); }
[hidden] { display: none !important; }
@media (min-width: 48rem) { header { padding-top: 3.5rem; } main { padding: 2.25rem 2.25rem 2.5rem; } }
@media (prefers-reduced-motion: no-preference) { button, .button { transition: filter .1s; } }
@media (forced-colors: active) { .rules li::before { forced-color-adjust: none; } }
`
