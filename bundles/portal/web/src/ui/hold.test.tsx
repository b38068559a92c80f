import { act, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HOLD, HoldButton } from './hold'

const calls = { held: vi.fn(), short: vi.fn(), alternative: vi.fn() }
beforeEach(() => {
  vi.useFakeTimers()
  Object.values(calls).forEach((call) => call.mockClear())
})
afterEach(() => vi.useRealTimers())

function button(isDisabled = false) {
  render(
    <HoldButton holding="Keep holding" isDisabled={isDisabled} onHeld={calls.held} onShort={calls.short} onAlternative={calls.alternative}>
      Launch
    </HoldButton>,
  )
  return screen.getByRole('button')
}
const pass = (milliseconds: number) => act(() => vi.advanceTimersByTime(milliseconds))

test('acts once when held long enough, whatever follows', () => {
  const hold = button()
  fireEvent.pointerDown(hold, { button: 0 })
  pass(HOLD - 1)
  expect(hold.textContent).toBe('Keep holding')
  expect(calls.held).not.toHaveBeenCalled()
  pass(1)
  pass(10_000)
  fireEvent.pointerUp(hold)
  expect(calls.held).toHaveBeenCalledTimes(1)
  expect(calls.short).not.toHaveBeenCalled()
})

test('a press that is too short does nothing and says so', () => {
  const hold = button()
  fireEvent.pointerDown(hold, { button: 0 })
  pass(HOLD - 100)
  fireEvent.pointerUp(hold)
  pass(10_000)
  expect(calls.held).not.toHaveBeenCalled()
  expect(calls.short).toHaveBeenCalledTimes(1)
})

test.each(['Enter', ' '])('"%s" is held as a pointer is, and repeats of a held key are one press', (key) => {
  const hold = button()
  fireEvent.keyDown(hold, { key })
  for (let i = 0; i < 5; i++) {
    pass(HOLD / 10)
    fireEvent.keyDown(hold, { key, repeat: true })
  }
  pass(HOLD / 2)
  fireEvent.keyDown(hold, { key, repeat: true })
  pass(10_000)
  expect(calls.held).toHaveBeenCalledTimes(1)
})

test.each([
  ['the focus goes elsewhere', (hold: HTMLElement) => fireEvent.blur(hold)],
  ['the pointer is taken away', (hold: HTMLElement) => fireEvent.pointerCancel(hold)],
  ['Escape is pressed', (hold: HTMLElement) => fireEvent.keyDown(hold, { key: 'Escape' })],
])('nothing happens when %s meanwhile', (_, interrupt) => {
  const hold = button()
  fireEvent.pointerDown(hold, { button: 0 })
  pass(HOLD / 2)
  interrupt(hold)
  pass(10_000)
  expect(calls.held).not.toHaveBeenCalled()
})

test('the other buttons of a mouse hold nothing', () => {
  const hold = button()
  fireEvent.pointerDown(hold, { button: 2 })
  pass(10_000)
  expect(calls.held).not.toHaveBeenCalled()
})

test('a click that no hand made is asked about', () => {
  const hold = button()
  pass(1000)
  fireEvent.click(hold, { detail: 0 })
  expect(calls.alternative).toHaveBeenCalledTimes(1)
  fireEvent.click(hold, { detail: 1 })
  expect(calls.alternative).toHaveBeenCalledTimes(1)
})

test('disabled, it takes no press, no key and no click, and can still be found', () => {
  const hold = button(true)
  fireEvent.pointerDown(hold, { button: 0 })
  fireEvent.keyDown(hold, { key: 'Enter' })
  pass(10_000)
  fireEvent.click(hold, { detail: 0 })
  expect(calls.held).not.toHaveBeenCalled()
  expect(calls.alternative).not.toHaveBeenCalled()
  expect(hold.getAttribute('aria-disabled')).toBe('true')
})
