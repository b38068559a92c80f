import { fireEvent, render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { Trouble } from '../api/trouble'
import { CutShort, Stopped } from '../api/upload'
import { quarterOf, UploadBar, UploadTrouble } from './upload'

vi.hoisted(() => {
  window.matchMedia = () => ({ matches: false, addEventListener: () => undefined }) as unknown as MediaQueryList
})

test.each([
  [0, 0],
  [24, 0],
  [25, 25],
  [49, 25],
  [50, 50],
  [99, 75],
  [100, 100],
])('%d of a hundred bytes are quarter %d', (sent, quarter) => expect(quarterOf({ sent, of: 100 })).toBe(quarter))

test('an empty file has no quarters', () => expect(quarterOf({ sent: 0, of: 0 })).toBe(0))

test('each percent is shown, each quarter said, and what has arrived whole cannot be stopped', () => {
  const stop = vi.fn()
  const { rerender } = render(<UploadBar name="a.csv" progress={{ sent: 26, of: 100 }} onStop={stop} />)
  const heard = () => screen.getByRole('status').textContent
  const bar = screen.getByRole('progressbar')
  expect(bar.getAttribute('value')).toBe('26')
  const first = heard()
  rerender(<UploadBar name="a.csv" progress={{ sent: 49, of: 100 }} onStop={stop} />)
  expect(heard()).toBe(first)
  expect(bar.getAttribute('value')).toBe('49')
  rerender(<UploadBar name="a.csv" progress={{ sent: 50, of: 100 }} onStop={stop} />)
  expect(heard()).not.toBe(first)
  fireEvent.click(screen.getByRole('button'))
  expect(stop).toHaveBeenCalledOnce()
  rerender(<UploadBar name="a.csv" progress={{ sent: 100, of: 100 }} onStop={stop} />)
  expect(screen.queryByRole('button')).toBeNull()
})

test.each([new Stopped(), new CutShort()])('what did not arrive whole can be sent again: %s', (trouble) => {
  const again = vi.fn()
  render(<UploadTrouble trouble={trouble} retry={again} />)
  fireEvent.click(screen.getByRole('button'))
  expect(again).toHaveBeenCalledOnce()
})

test('what was refused is not offered to be sent again, what was not answered is', () => {
  const { unmount } = render(<UploadTrouble trouble={Trouble.of(422, { type: 'urn:tocsin:problem:refused' })} retry={vi.fn()} />)
  expect(screen.queryByRole('button')).toBeNull()
  unmount()
  render(<UploadTrouble trouble={new Trouble('offline')} retry={vi.fn()} />)
  expect(screen.getByRole('button')).toBeTruthy()
})
