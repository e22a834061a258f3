/**
 * What the viewer's own style sheet leaves open: contrasts of 4.5:1 and more, tables that fit a phone, and nothing that
 * has only one choice.
 */
export const referenceStyle = `
html { color-scheme: light; }
html.dark-mode { color-scheme: dark; }
body { margin: 0; background: #fff; }
#reference { overflow-x: clip; }
.waiting { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
html.dark-mode body, html.dark-mode .swagger-ui { background: #14171b; }
html.dark-mode .waiting { color: #eceff2; }
.swagger-ui .info { margin: 2rem 0 1rem; }
.swagger-ui .info li { margin: .25rem 0; line-height: 1.5; }
.swagger-ui .scheme-container { margin: 0; padding: 1rem 0; box-shadow: none; border-bottom: 1px solid #d4d8de; }
.swagger-ui .schemes { justify-content: flex-end; }
.swagger-ui .servers, .swagger-ui .servers-title, .swagger-ui .response-col_links { display: none; }
.swagger-ui .markdown code, .swagger-ui .renderedMarkdown code {
  color: inherit; background: rgba(120, 130, 145, .18); font-weight: 600;
}
.swagger-ui .opblock.opblock-get .opblock-summary-method { background: #0b5394; }
.swagger-ui .opblock.opblock-post .opblock-summary-method { background: #17693a; }
.swagger-ui .opblock.opblock-put .opblock-summary-method { background: #8a4b00; }
.swagger-ui .opblock.opblock-delete .opblock-summary-method { background: #a61b1b; }
.swagger-ui .opblock.opblock-deprecated { opacity: 1; }
.swagger-ui .opblock.opblock-deprecated .opblock-summary-method { background: #56606b; }
.swagger-ui .btn.execute { background: #0b5394; border-color: #0b5394; }
html:not(.dark-mode) .swagger-ui .btn.authorize { color: #17693a; border-color: #17693a; }
html:not(.dark-mode) .swagger-ui .auth-wrapper .btn.authorize svg { fill: #17693a; }
html:not(.dark-mode) .swagger-ui .btn.cancel { color: #a61b1b; border-color: #a61b1b; }
html:not(.dark-mode) .swagger-ui .parameter__name.required::after,
html:not(.dark-mode) .swagger-ui .parameter__name.required span { color: #a61b1b; }
html:not(.dark-mode) .swagger-ui .parameter__in { color: #4a525c; }
html:not(.dark-mode) .swagger-ui .info a, html:not(.dark-mode) .swagger-ui .tab li button { color: #0b4a9e; }
.swagger-ui :focus-visible { outline: 3px solid #0b4a9e; outline-offset: 2px; }
html.dark-mode .swagger-ui :focus-visible { outline-color: #9cc6ff; }
html.dark-mode .swagger-ui .opblock .opblock-section-header { background: rgba(255, 255, 255, .06); }
@media (max-width: 40rem) {
  .swagger-ui table.parameters > thead { display: none; }
  .swagger-ui table.parameters tr { display: flex; flex-direction: column; padding-bottom: .75rem; }
  .swagger-ui table.parameters tr > td { max-width: none; padding: .25rem 0; }
  .swagger-ui .parameters-col_description input, .swagger-ui .parameters-col_description select {
    width: 100%; max-width: none;
  }
  .swagger-ui .opblock .opblock-summary-path { max-width: 100%; }
  .swagger-ui .opblock-tag { flex-direction: column; align-items: flex-start; }
}
`
