import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { SendMode } from '../core/tenants/tenant.ts'
import { ApiError } from '../errors/api-error.ts'
import { DEMO_PATH, MAILBOX_PATH } from './demo-commands.ts'
import { requireLoopbackHost } from './mailbox-page.ts'

const RESET_PATH = '/demo/reset'

const style = `
:root { color-scheme: light dark; --bar: #ffffff; --text: #1b1f24; --line: #d4d8de; --button: #14508c; }
@media (prefers-color-scheme: dark) { :root { --bar: #1d2126; --text: #eceff2; --line: #3a4149; } }
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body { display: grid; grid-template: auto 1fr / 1fr 1fr; background: var(--bar); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
header { grid-column: 1 / -1; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding: .75rem 1rem;
  border-bottom: 1px solid var(--line); }
h1 { font-size: 1.125rem; margin: 0; }
p { margin: 0 auto 0 0; }
form { margin: 0; }
button { min-height: 2.75rem; padding: .25rem 1rem; border: 0; border-radius: .5rem; background: var(--button); color: #fff;
  font: inherit; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid #0b57a4; outline-offset: 2px; }
iframe { width: 100%; height: 100%; border: 0; }
iframe + iframe { border-left: 1px solid var(--line); }
@media (max-width: 48rem) {
  body { grid-template: auto 1fr 1fr / 1fr; }
  iframe + iframe { border-left: 0; border-top: 1px solid var(--line); }
}
`
const styleHash = createHash('sha256').update(style).digest('base64')
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

const resetForm = (sendMode: SendMode, label: string) =>
  `<form method="post" action="${RESET_PATH}?send_mode=${sendMode}" target="mailbox"><button>${label}</button></form>`

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rekey demo</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header><h1>Rekey demo</h1><p>Reset Alice’s password, read the message, sign in as <b>alice</b>.</p>
${resetForm('EMAIL', 'Reset by e-mail')}
${resetForm('SMS', 'Reset by SMS')}</header>
<iframe name="mailbox" title="Mailbox" src="${MAILBOX_PATH}"></iframe>
<iframe name="sign-in" title="Sign-in page" src="/sign-in"></iframe>
</body>
</html>
`

/** Mailbox on one side, the employee's pages on the other; the buttons do what an application's call does. */
export function serveDemoPage(server: FastifyInstance, reset: (sendMode: SendMode) => Promise<void>): void {
  server.get(DEMO_PATH, (request, reply) => {
    requireLoopbackHost(request)
    reply.header('Content-Security-Policy', policy)
    return reply.header('Content-Type', 'text/html; charset=utf-8').send(page)
  })
  server.post(RESET_PATH, async (request, reply) => {
    requireLoopbackHost(request)
    requireOwnForm(request)
    const { send_mode: sendMode } = request.query as { readonly send_mode?: string }
    await reset(sendMode === 'SMS' ? 'SMS' : 'EMAIL')
    return reply.code(303).header('Location', MAILBOX_PATH).send()
  })
}

/** Another site's page may not press the buttons. */
function requireOwnForm({ headers }: FastifyRequest): void {
  const isOwn = headers['sec-fetch-site'] === 'same-origin' || headers.origin === `http://${headers.host}`
  if (!isOwn) throw new ApiError('REQUEST.9003')
}
