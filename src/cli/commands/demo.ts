import type { Command } from 'commander'
import { DEMO_PATH, describeCommands, MAILBOX_PATH } from '../../demo/demo-commands.ts'
import { type Demo, startDemo } from '../../demo/start-demo.ts'
import { walkThrough } from '../../demo/walk-through.ts'
import { catchStopSignal, endOnUncaughtErrors, stopInTime } from '../stop-process.ts'

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('try Rekey on sample data; nothing is set up and nothing is left behind')
    .option('--once', 'do one reset from end to end, print it, and exit')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
It listens on loopback at REKEY_PORT (8080), keeps its data in a temporary folder, and delivers every message into a
mailbox page.

Examples:
  rekey demo
  rekey demo --once
  REKEY_PORT=9000 rekey demo`,
    )
    .action(async (options: { readonly once?: boolean }) => {
      await (options.once === true ? runOnce() : runDemo())
    })
}

/** Serves the sample data until a signal comes. */
async function runDemo(): Promise<void> {
  const stopSignal = catchStopSignal()
  const demo = await startDemo(process.env)
  endOnUncaughtErrors(demo.app.logger)
  try {
    console.log(describeDemo(demo))
    await stopSignal
  } finally {
    await stopInTime(demo.close, demo.app.logger)
  }
}

function describeDemo(demo: Demo): string {
  const { address, employeePassword, takenPort } = demo
  const commands = describeCommands(address)
  return [
    '',
    'Rekey is running on sample data. Ctrl-C stops it, and nothing is left behind.',
    ...(takenPort === undefined ? [] : [`Port ${takenPort} is taken, so this one was chosen.`]),
    '',
    `  Open      ${address.url}${DEMO_PATH}   (mailbox on one side, sign-in on the other)`,
    `  Server    ${address.url}`,
    `  Mailbox   ${address.url}${MAILBOX_PATH}`,
    `  API       ${address.url}/docs/api`,
    `  Employees alice and bob, password ${employeePassword}; carol has none yet`,
    `  Client    id ${address.clientId}, secret ${address.clientSecret}`,
    '',
    'Paste these into another terminal, one after the other.',
    '',
    '# 1. An access token for the help desk',
    commands.token,
    '',
    '# 2. A new password for alice by e-mail (or send_mode=SMS); it arrives in the mailbox',
    commands.reset,
    '',
    '# 3. Alice signs in with the password in the newest mail, and must choose one of her own',
    commands.signIn,
    '',
    '# 4. She chooses one, and is signed in',
    commands.change,
    '',
  ].join('\n')
}

/** @throws Error when a step is not answered as it must be */
async function runOnce(): Promise<void> {
  const demo = await startDemo({ ...process.env, REKEY_PORT: '0' })
  try {
    let step = 0
    await walkThrough(demo.address, demo.employeePassword, demo.mailbox, ({ title, lines }) => {
      step += 1
      console.log([`${step}. ${title}`, ...lines.map((line) => `     ${line}`.trimEnd()), ''].join('\n'))
    })
    console.log('The reset went through from end to end.')
  } finally {
    await demo.close()
  }
}
