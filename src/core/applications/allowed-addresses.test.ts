import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { seedApplication, seedTenant } from '../../../test/support/seed-tenant.ts'
import { createTestClock } from '../../../test/support/test-clock.ts'
import { StoreUnavailableError } from '../../errors/store-error.ts'
import { type AddressRefusal, createAddressRefusals, createMayCallFrom } from './allowed-addresses.ts'

it('lets an application without a list call from everywhere, without being asked', () => {
  expect(createMayCallFrom({ allowedAddresses: [] })).toBeUndefined()
})

it('lets nobody in whose address is not known, or whose list cannot be read', () => {
  const mayCallFrom = createMayCallFrom({ allowedAddresses: ['0.0.0.0/0', '::/0'] })
  expect([undefined, '', '/run/rekey.sock', '192.0.2.7', '::1'].map((one) => mayCallFrom?.(one))).toEqual([
    ...[false, false, false],
    ...[true, true],
  ])
  expect(createMayCallFrom({ allowedAddresses: ['nowhere'] })?.('192.0.2.7')).toBe(false)
})

describeEachDatabase('refused addresses on record', (kind) => {
  const clock = createTestClock()
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind, { clock })
  })
  afterAll(() => database.close())

  /** As a process of its own does it. */
  function createProcess(store = database.store) {
    const told: AddressRefusal[] = []
    const record = createAddressRefusals({
      ...{ store, clock },
      onRefused: () => undefined,
      onRecorded: (refusal) => told.push(refusal),
    })
    return { record, told }
  }

  async function seed() {
    const tenant = await seedTenant(database.store)
    const { id: applicationId } = await seedApplication(database.store, tenant)
    const refusal: AddressRefusal = {
      ...{ tenant, applicationId },
      address: '203.0.113.9',
      requestId: 'r1',
      operation: 'call',
    }
    const rows = async () => await database.store.read.audit.list(tenant.id, 100)
    return { refusal, rows }
  }

  it('stand once a minute of many at once in several processes', async () => {
    const { refusal, rows } = await seed()
    const processes = [createProcess(), createProcess(), createProcess()]
    const refuse = () =>
      Promise.all(processes.flatMap(({ record }) => Array.from({ length: 10 }, () => record(refusal))))
    await refuse()
    expect(await rows()).toHaveLength(1)
    expect(processes.flatMap(({ told }) => told)).toEqual([refusal])
    clock.advance(60_001)
    await refuse()
    expect(await rows()).toHaveLength(2)
    // a process that starts now knows nothing of the others'
    await createProcess().record(refusal)
    expect(await rows()).toHaveLength(2)
  })

  it('ask the store once a minute, however many come', async () => {
    const { refusal } = await seed()
    let transactions = 0
    const { record } = createProcess({
      ...database.store,
      transaction(work) {
        transactions += 1
        return database.store.transaction(work)
      },
    })
    for (let index = 0; index < 20; index += 1) await record(refusal)
    expect(transactions).toBe(1)
  })

  it('are tried again when the store was not there', async () => {
    const { refusal, rows } = await seed()
    let isThere = false
    const { record } = createProcess({
      ...database.store,
      transaction: (work) =>
        isThere ? database.store.transaction(work) : Promise.reject(new StoreUnavailableError('gone')),
    })
    await expect(record(refusal)).rejects.toBeInstanceOf(StoreUnavailableError)
    isThere = true
    await record(refusal)
    expect(await rows()).toHaveLength(1)
  })

  it('have no row for an application that is gone', async () => {
    const { refusal, rows } = await seed()
    await database.store.transaction(({ applications }) =>
      applications.delete(refusal.tenant.id, refusal.applicationId),
    )
    const { record, told } = createProcess()
    await record(refusal)
    expect([await rows(), told]).toEqual([[], []])
  })

  it('go with their application', async () => {
    const { refusal } = await seed()
    await createProcess().record(refusal)
    await database.store.transaction(({ applications }) =>
      applications.delete(refusal.tenant.id, refusal.applicationId),
    )
    const left = await database.query('select * from address_refusals where application_id = $1', [
      refusal.applicationId,
    ])
    expect(left).toEqual([])
  })
})
