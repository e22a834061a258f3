/** Everything comes from here, nothing runs or is styled inline; images may be part of the style sheet. */
export const referencePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Relative addresses: a proxy may serve all of it below a path of its own. */
export const referencePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rekey API reference</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="api/viewer.css">
<link rel="stylesheet" href="api/page.css">
</head>
<body>
<div id="reference"><p class="waiting">Loading the API reference…</p></div>
<noscript><p class="waiting">This page needs JavaScript; the same description for programs is
<a href="api/openapi.json">openapi.json</a>.</p></noscript>
<script src="api/viewer.js"></script>
<script src="api/start.js"></script>
</body>
</html>
`

/**
 * Starts the viewer. No validator, no address from the query, and what is typed into "Authorize" is gone with the
 * page.
 */
export const referenceScript = `document.documentElement.classList.toggle(
  'dark-mode',
  matchMedia('(prefers-color-scheme: dark)').matches,
)
SwaggerUIBundle({
  url: 'api/openapi.json',
  dom_id: '#reference',
  validatorUrl: null,
  queryConfigEnabled: false,
  persistAuthorization: false,
  tryItOutEnabled: true,
  deepLinking: true,
  filter: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  requestSnippetsEnabled: false,
})
`
