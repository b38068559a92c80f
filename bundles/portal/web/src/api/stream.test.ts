import { expect, test } from 'vitest'
import { EventReader } from './stream'

test('events are whole however they are cut', () => {
  const text = ': the database is away\n\nevent: status\ndata: {"a":1}\n\nevent: end\r\ndata: {}\r\n\r\n'
  for (let size = 1; size < text.length; size++) {
    const reader = new EventReader()
    const events = []
    for (let at = 0; at < text.length; at += size) events.push(...reader.push(text.slice(at, at + size)))
    if (size !== 1) expect(events.length).toBeGreaterThan(0)
    expect(events[0]).toEqual({ event: 'status', data: '{"a":1}' })
  }
})

test('what is not whole yet waits', () => {
  const reader = new EventReader()
  expect(reader.push('event: status\ndata: {"a"')).toEqual([])
  expect(reader.push(':1}\n')).toEqual([])
  expect(reader.push('\n')).toEqual([{ event: 'status', data: '{"a":1}' }])
})
