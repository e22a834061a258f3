/** Answers that are declared and that no test gets, as `METHOD /path CODE`, each with why. */
export const unansweredCodes: Readonly<Record<string, string>> = {}
