import { render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { Trouble } from '../api/trouble'
import { fr } from '../i18n/fr'
import { TroubleNotice } from './notice'

vi.hoisted(() => {
  window.matchMedia = () => ({ matches: false, addEventListener: () => undefined }) as unknown as MediaQueryList
})

test.each(Object.entries(fr.problems))('%s is said by its code, whatever its status', (code, words) => {
  render(<TroubleNotice trouble={Trouble.of(503, { type: `urn:tocsin:problem:${code}`, code, detail: 'The database’s disk is full' })} />)
  expect(screen.getByRole('alert').textContent).toContain(words.what)
  expect(screen.getByRole('alert').textContent).toContain(words.cure)
  expect(screen.getByText('The database’s disk is full')).toBeTruthy()
})

test.each(['moon-eclipsed', 'toString', undefined])('what is not known here is said by its kind: %s', (code) => {
  render(<TroubleNotice trouble={Trouble.of(503, { type: 'urn:tocsin:problem:x', ...(code ? { code } : {}) })} />)
  expect(screen.getByRole('alert').textContent).toContain(fr.trouble.unavailable.what)
})
