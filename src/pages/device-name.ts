/** Shown to people only: `Chrome, Android`. Nothing depends on it, so a wrong guess costs nothing. */
export function deviceName(userAgent: string | undefined): string {
  const agent = userAgent ?? ''
  const browser = nameOf(browsers, agent)
  const system = nameOf(systems, agent)
  return [browser, system].filter((part) => part !== undefined).join(', ')
}

type Sign = readonly [name: string, pattern: RegExp]

// the first that fits: most browsers also claim to be those below them
const browsers: readonly Sign[] = [
  ['WeChat', /MicroMessenger\//],
  ['DingTalk', /DingTalk\//],
  ['Edge', /Edg(e|A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Samsung Internet', /SamsungBrowser\//],
  ['Firefox', /(Firefox|FxiOS)\//],
  ['Chrome', /(Chrome|CriOS|Chromium)\//],
  ['Safari', /Safari\//],
]

const systems: readonly Sign[] = [
  ['HarmonyOS', /HarmonyOS|OpenHarmony/],
  ['Android', /Android/],
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Windows', /Windows/],
  ['macOS', /Macintosh|Mac OS X/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
]

function nameOf(signs: readonly Sign[], agent: string): string | undefined {
  return signs.find(([, pattern]) => pattern.test(agent))?.[0]
}
