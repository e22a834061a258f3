import type { Environment } from './yaml-source.ts'

export type Substitution =
  | { readonly text: string; readonly isSubstituted: boolean }
  /** A sentence that says what to do. */
  | { readonly complaint: string }

/**
 * Puts environment variables into a value that was already parsed, so that no variable can add keys or lines to the file.
 * `${NAME}` is replaced, `$${` stands for `${`; a `$` before anything else is itself.
 */
export function substituteEnvironment(text: string, environment: Environment): Substitution {
  let complaint: string | undefined
  let isSubstituted = false
  const substituted = text.replace(
    /\$\$\{|\$\{([^}]*)(\}?)/g,
    (match, name: string | undefined, end: string) => {
      if (match === '$${') {
        return '${'
      }
      isSubstituted = true
      const value = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name ?? '') ? environment[name ?? ''] : undefined
      if (end === '' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name ?? '')) {
        complaint ??= `has a \${ that names no variable: write \${NAME}, or $\${ for the characters themselves`
      } else if (value === undefined) {
        complaint ??= `needs the environment variable ${name}, which is not set: set it and run again`
      }
      return value ?? ''
    },
  )
  return complaint === undefined ? { text: substituted, isSubstituted } : { complaint }
}
