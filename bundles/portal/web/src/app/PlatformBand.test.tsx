import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { queries } from '../api/queries'
import { PlatformBand } from './PlatformBand'

// Before anything is imported: whether it is dark is asked at once, and the words are French.
vi.hoisted(() => {
  window.matchMedia = () => ({ matches: false, addEventListener: () => undefined }) as unknown as MediaQueryList
  localStorage.setItem('tocsin.preferences', JSON.stringify({ language: 'fr' }))
})

function shown(conditions: { code: string; words: string; stillWorks: string }[]) {
  const answer = { conditions: conditions.map((each) => ({ ...each, since: '2026-11-22T03:04:05Z' })) }
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } })
  client.setQueryData(queries.state().queryKey, answer)
  render(
    <QueryClientProvider client={client}>
      <PlatformBand />
    </QueryClientProvider>,
  )
}

test('what is the matter is said in the reader’s words, where it is read out', async () => {
  shown([{ code: 'no-primary', words: 'No primary database can be reached', stillWorks: 'x' }])
  const what = await screen.findByText('La base de données ne répond pas.')
  expect(what.closest('[role=status]')?.textContent).toContain('rien ne partira plus tard tout seul')
})

test('a code of a later release is said in its own words', async () => {
  shown([{ code: 'moon-eclipsed', words: 'The moon is gone', stillWorks: 'All but tides' }])
  const what = await screen.findByText('The moon is gone')
  expect(what.closest('p')?.lang).toBe('en')
  expect(what.closest('p')?.textContent).toContain('All but tides')
})

test('nothing is the matter: nothing is said', async () => {
  shown([])
  expect((await screen.findByRole('status')).textContent).toBe('')
})
