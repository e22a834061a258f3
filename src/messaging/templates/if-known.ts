type Link = 'sign_in_url' | 'not_me_url'

/** Text that shows a link, or other text where no address of ours is known. */
export function ifKnown(link: Link, text: string, otherwise = ''): string {
  return `{% if ${link} != "" %}${text}{% else %}${otherwise}{% endif %}`
}
