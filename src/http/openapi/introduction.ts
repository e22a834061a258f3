/** The first text of the reference, in Markdown: what holds for every operation. */
export const introduction = `Employee identity server whose password resets cannot half-happen. Clients of the EIAM v2 API work with it
unchanged.

- **Tenant**: the host name of the request chooses it. Ids are valid in one tenant only, and opaque.
- **Authorisation**: an application fetches an access token and sends it as \`Authorization: Bearer\`. What it may call
  follows from its permission codes.
- **Bodies** are JSON objects, \`application/json; charset=utf-8\`; a missing content type is fine where there is no body.
- **Lists** take \`offset\`, the index of a page from 0, and \`limit\`, 10 to 100 rows, and answer with \`total\`.
- **Times** are \`yyyy-MM-dd HH:mm:ss.SSS\` in the zone of the tenant.
- **Errors** carry a stable code and a text in the language of \`X-L\`, then of \`Accept-Language\`: \`en\` or \`zh\`. The
  header \`X-Error-Detail\` may name the reason in one stable word; \`X-Request-Id\` finds the call in the log.
`
