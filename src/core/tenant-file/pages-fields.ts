import { defaultTenantSettings } from '../tenants/tenant.ts'
import { text, wholeNumber } from './scalar-shapes.ts'
import { type Fields, optional } from './shape.ts'

const { pages } = defaultTenantSettings

/** In the page itself, so that it costs no request of its own. */
const LOGO_LENGTH_MAX = 20_000
const LOGO_FORM = /^data:image\/(?:png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/

/** What the employees' pages look like and how long somebody stays signed in there. */
export const pagesFields = {
  color: optional(
    text({
      type: 'color such as `"#14508c"`',
      normalise: (value) => (/^#[0-9a-f]{6}$/i.test(value) ? value.toLowerCase() : undefined),
      complaint: 'is no color: write # and six hexadecimal digits, in quotes, such as "#14508c"',
    }),
    {
      defaultText: `\`"${pages.color}"\``,
      effect: 'of buttons; their text becomes black or white, whichever reads better',
      example: '"#14508c"',
    },
  ),
  logo: optional(
    text({
      type: 'image as `data:` URL, at most 15 kB',
      lengthMax: LOGO_LENGTH_MAX,
      normalise: (value) => (LOGO_FORM.test(value) ? value : undefined),
      complaint: 'is no image: write "data:image/png;base64,…" (or jpeg, webp, svg+xml), at most 15 kB',
    }),
    {
      defaultText: 'none: the name alone',
      effect: 'shown above every page beside the tenant’s name',
      example: '"data:image/png;base64,iVBORw0KGgo="',
    },
  ),
  idle_minutes: optional(wholeNumber(1, 1_440), {
    defaultText: `\`${pages.idleMinutes}\``,
    effect: 'minutes without use until somebody is signed out',
    example: String(pages.idleMinutes),
  }),
  lifetime_hours: optional(wholeNumber(1, 720), {
    defaultText: `\`${pages.lifetimeHours}\``,
    effect: 'hours until somebody is signed out however much they do',
    example: String(pages.lifetimeHours),
  }),
} satisfies Fields
