import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'

beforeAll(() => {
  window.matchMedia ??= (() => ({ matches: false, addEventListener: () => undefined })) as never
})
afterEach(cleanup)

test('one text a language of the people it is for, and who gets which where there is none', async () => {
  // Loaded here, for what it needs asks the browser when it is loaded.
  const { FollowUpTexts } = await import('./FollowUpTexts')
  const changed = vi.fn()
  render(
    <FollowUpTexts
      texts={{ fr: 'Au gymnase.', en: 'To the gymnasium.' }}
      readers={[
        { language: 'fr', people: 900, told: 'fr' },
        { language: 'es', people: 42, told: 'fr' },
        { language: 'en', people: 8, told: 'en' },
      ]}
      problems={[{ field: 'texts.en', problem: 'says what the alert said; write what is right' }]}
      onChange={changed}
    />,
  )
  expect(screen.getAllByRole('button').map((each) => each.textContent)).toHaveLength(3)
  expect(screen.getByRole('button', { name: /anglais|English/i }).textContent).toMatch(/à corriger|to be mended/)
  expect(screen.getByText(/42.*(français|French)/i)).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: /espagnol|Spanish/i }))
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'A' } })
  expect(changed).toHaveBeenCalledWith('es', 'A')
})
