import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { platform, type RunbookView } from '../../api/platform'
import { Runbooks } from './Runbooks'

// Before anything is imported: whether it is dark is asked at once, and the words are French.
vi.hoisted(() => {
  window.matchMedia = () => ({ matches: false, addEventListener: () => undefined }) as unknown as MediaQueryList
  localStorage.setItem('tocsin.preferences', JSON.stringify({ language: 'fr' }))
})

const DAY = 24 * 3600 * 1000
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString()

function shown(items: RunbookView[]) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } })
  client.setQueryData(platform.runbooks().queryKey, { items })
  render(
    <QueryClientProvider client={client}>
      <Runbooks />
    </QueryClientProvider>,
  )
}

const row = (title: string) => screen.findByText(title).then((found) => found.closest('li')?.textContent ?? '')

test('the last drill of each is told with its result, its age and what was measured', async () => {
  shown([
    { runbook: 'site-lost', last: { at: ago(3), actor: 'lea@operator', worked: true, seconds: 22.5, note: 'de nuit' }, lastWorked: ago(3), overdue: false },
    { runbook: 'return', last: { at: ago(1), actor: 'console', worked: false, note: '' }, lastWorked: ago(400), overdue: true },
    { runbook: 'restore', overdue: true },
  ])
  const lost = await row('Perte d’un site')
  expect(lost).toContain('a réussi il y a 3 jours, par lea@operator')
  expect(lost).toContain('22,5 s')
  expect(lost).toContain('de nuit')
  expect(lost).toContain('à jour')
  const back = await row('Retour d’un site')
  expect(back).toContain('a échoué hier, par console')
  expect(back).toContain('dernier succès')
  expect(back).toContain('à refaire')
  expect(await row('Restauration d’une sauvegarde')).toContain('jamais essayée')
})

test('a runbook of a later release is shown by its own word', async () => {
  shown([{ runbook: 'moon-eclipse', overdue: true }])
  expect(await row('moon-eclipse')).toContain('à refaire')
})
