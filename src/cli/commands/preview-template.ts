import { writeFile } from 'node:fs/promises'
import { Argument, type Command, Option } from 'commander'
import { type TemplateEvent, templateEvents } from '../../core/notices/template-event.ts'
import type { SendMode } from '../../core/tenants/tenant.ts'
import type { TemplatePreview } from '../../messaging/preview-template.ts'
import { CommandError } from '../command-error.ts'
import { findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'

interface Options {
  readonly channel: SendMode
  readonly language: string
  readonly tenant?: string
  readonly html?: string
  readonly json?: boolean
}

export function registerPreviewTemplate(program: Command): void {
  program
    .command('preview-template')
    .description('show a message as its reader gets it, with sample values')
    .addArgument(new Argument('<event>', 'what the message is about').choices(templateEvents))
    .addOption(
      new Option('--channel <channel>', 'what carries it').choices(['EMAIL', 'SMS']).makeOptionMandatory(),
    )
    .addOption(new Option('--language <language>', 'of the reader').choices(['en', 'zh']).default('en'))
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .option('--html <file>', 'write the HTML part of a mail into this file, to open in a browser')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
It says whether the tenant's own template is used or the one built in, and for SMS what a message costs. Nothing is sent.

Examples:
  rekey preview-template reset-password --channel SMS --language zh
  rekey preview-template password-changed --channel EMAIL --html mail.html`,
    )
    .action(async (event: TemplateEvent, _options, command: Command) => {
      await preview(event, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant, a broken template, no HTML, no such folder */
async function preview(event: TemplateEvent, options: Options): Promise<void> {
  await withOperatorApp(process.env, async ({ store, previewTemplate }) => {
    const tenant = await findTenant(store, options.tenant)
    const { channel, language } = options
    const shown = await previewTemplate(tenant, { event, channel, language })
    if (shown === undefined) {
      throw new CommandError(
        `The template ${event}/${channel} of tenant ${tenant.code} is broken: nothing can be sent with it. Correct it with "rekey apply".`,
      )
    }
    if (options.html !== undefined) {
      await writeHtml(options.html, shown)
    }
    const lines =
      options.json === true ? [JSON.stringify(asJson(shown), undefined, 2)] : present(shown, options.html)
    console.log(lines.join('\n'))
  })
}

async function writeHtml(file: string, { html }: TemplatePreview): Promise<void> {
  if (html === undefined) {
    throw new CommandError('This message has no HTML part: leave --html out.')
  }
  try {
    await writeFile(file, html)
  } catch (cause) {
    throw new CommandError(`${file} cannot be written: name a file in a folder that exists.`, { cause })
  }
}

function asJson({ source, language, subject, text, html, size }: TemplatePreview): unknown {
  return {
    template: source,
    language,
    subject: subject ?? null,
    text,
    html: html ?? null,
    sms: size === undefined ? null : { encoding: size.encoding, units: size.units, segments: size.segments },
  }
}

function present(shown: TemplatePreview, htmlFile: string | undefined): readonly string[] {
  const { source, language, subject, text, html, size } = shown
  const whose = source === 'tenant' ? "the tenant's own" : 'built in'
  return [
    `Template  ${whose}, language ${language}`,
    ...(subject === undefined ? [] : [`Subject   ${subject}`]),
    ...(size === undefined ? [] : [`Size      ${describeSize(size)}`]),
    ...(subject === undefined ? [] : [`HTML      ${describeHtml(html, htmlFile)}`]),
    '',
    ...text.trimEnd().split('\n'),
  ]
}

function describeSize({
  encoding,
  units,
  segments,
  unitsLeft,
}: NonNullable<TemplatePreview['size']>): string {
  const messages = segments === 1 ? '1 segment' : `${segments} segments`
  return `${messages} in ${encoding}: ${units} characters counted, ${unitsLeft} left in the last one`
}

function describeHtml(html: string | undefined, file: string | undefined): string {
  if (html === undefined) {
    return 'none: the text alone is sent'
  }
  return file === undefined ? 'yes; see it with --html FILE' : `written to ${file}`
}
