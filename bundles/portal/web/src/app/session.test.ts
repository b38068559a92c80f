import { beforeEach, expect, test, vi } from 'vitest'

const SESSION = { token: 'tb_first', expiresAt: new Date(Date.now() + 30 * 60_000).toISOString(), user: { name: 'maire@x', roles: ['activator'], tenant: 'x' } }
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

/** A store of its own for each test: the module holds the only one there is. */
async function fresh() {
  vi.resetModules()
  return (await import('./session')).session
}
const fetched = vi.fn<typeof fetch>()
beforeEach(() => {
  localStorage.clear()
  fetched.mockReset()
  vi.stubGlobal('fetch', fetched)
})

test('who was never signed in here is asked at once, and the API nothing', async () => {
  const session = await fresh()
  await session.start()
  expect(session.get().phase).toBe('signed-out')
  expect(fetched).not.toHaveBeenCalled()
})

test('a reload goes on with what the browser kept, and the token is in no storage', async () => {
  const session = await fresh()
  fetched.mockResolvedValueOnce(answer(200, SESSION))
  await session.signIn('maire@x', 'secret')
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('tb_')

  const reloaded = await fresh()
  fetched.mockResolvedValueOnce(answer(200, { ...SESSION, token: 'tb_second' }))
  await reloaded.start()
  expect(reloaded.get().phase).toBe('signed-in')
  expect(reloaded.token()).toBe('tb_second')
})

test('however many requests find the session over, it is renewed once', async () => {
  const session = await fresh()
  fetched.mockResolvedValueOnce(answer(200, SESSION))
  await session.signIn('maire@x', 'secret')
  fetched.mockResolvedValueOnce(answer(200, { ...SESSION, token: 'tb_second' }))
  await Promise.all([session.recover(), session.recover(), session.recover()])
  expect(fetched).toHaveBeenCalledTimes(2)
  expect(session.token()).toBe('tb_second')
})

test('whoever waits for a session goes on when somebody signs in again', async () => {
  const session = await fresh()
  fetched.mockResolvedValueOnce(answer(200, SESSION))
  await session.signIn('maire@x', 'secret')
  fetched.mockResolvedValueOnce(answer(401, { type: 'urn:tocsin:problem:unauthenticated' }))
  let resumed = false
  const waiting = session.recover().then(() => (resumed = true))
  await vi.waitFor(() => expect(session.get().phase).toBe('expired'))
  expect(resumed).toBe(false)
  fetched.mockResolvedValueOnce(answer(200, { ...SESSION, token: 'tb_third' }))
  await session.signIn('maire@x', 'secret')
  await waiting
  expect(session.token()).toBe('tb_third')
})

test('a node that does not answer ends nobody’s session', async () => {
  const session = await fresh()
  fetched.mockResolvedValueOnce(answer(200, SESSION))
  await session.signIn('maire@x', 'secret')
  fetched.mockRejectedValueOnce(new TypeError('Failed to fetch'))
  await session.recover()
  expect(session.get().phase).toBe('signed-in')
})
