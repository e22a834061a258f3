import { expect, it } from 'vitest'
import { isPublicAddress } from './is-public-address.ts'
import { complainOfWebhookUrl, judgeUrl } from './judge-url.ts'

it.each([
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.255'],
  ...['169.254.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.168.1.1'],
  ...['168.63.129.16', '198.18.0.1', '203.0.113.1', '224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:a00:1', '::127.0.0.1', '::ffff:0:10.0.0.1', 'fc00::1'],
  ...[
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
  ],
  ...['64:ff9b:1::a00:1', '2002:7f00:1::', '2001::1', '2001:db8::1', '100::1', '5f00::1', '4000::1'],
  ...['', 'localhost', '1.2.3.4.5', 'x'],
])('%s is no address of the public internet', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

it.each([
  ...['8.8.8.8', '1.1.1.1', '100.63.255.255', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'],
  ...['::ffff:8.8.8.8', '64:ff9b::808:808'],
])('%s is one', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

it.each([
  ['https://hr.example/hooks', undefined],
  ['https://8.8.8.8:8443/', undefined],
  ['http://hr.example/hooks', 'http_not_allowed'],
  ['https://127.1/', 'private_address'],
  ['https://0x7f000001/', 'private_address'],
  ['https://2130706433/', 'private_address'],
  ['https://0177.0.0.1/', 'private_address'],
  ['https://[::1]/', 'private_address'],
  ['https://[::ffff:169.254.169.254]/', 'private_address'],
  ['http://Hooks.Internal:8080/', undefined],
  ['http://[fd00::1]/', undefined],
  ['http://other.hooks.internal/', 'http_not_allowed'],
])('judges %s: %s', (url, expected) => {
  expect(judgeUrl(new URL(url), ['hooks.internal', 'fd00::1'])).toBe(expected)
})

it.each([
  ['hr.example/hooks', 'is no address'],
  ['ftp://hr.example/', 'is no address'],
  ['https://user:pass@hr.example/', 'must not hold a user or password'],
  ['https://hr.example/#part', 'must not have a fragment'],
  ['http://hr.example/', 'must begin with https://'],
  ['https://10.0.0.1/', 'name 10.0.0.1 in REKEY_WEBHOOK_PRIVATE_HOSTS'],
])('says of %s what is wrong: %s', (url, expected) => {
  expect(complainOfWebhookUrl(url, [])).toContain(expected)
})
