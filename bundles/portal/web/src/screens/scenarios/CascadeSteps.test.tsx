import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { beforeAll, expect, test } from 'vitest'
import { blank, type Draft } from './draft'
import type { Editor } from './useEditor'

beforeAll(() => {
  window.matchMedia ??= (() => ({ matches: false, addEventListener: () => undefined })) as never
})

test('what is typed for a step goes with it wherever it is put', async () => {
  // Loaded here, for what it needs asks the browser when it is loaded.
  const { CascadeSteps } = await import('./CascadeSteps')
  const client = new QueryClient({ defaultOptions: { queries: { enabled: false } } })
  let last: Draft | undefined
  function Steps() {
    const [draft, setDraft] = useState<Draft>({
      ...blank('Crue', 'fr'),
      cascade: [
        { channel: 'sms', patience: 'PT5M', attempts: 3, until: 'delivered' },
        { channel: 'mail', patience: 'PT10M', attempts: 3, until: 'delivered' },
      ],
    })
    last = draft
    const editor = { draft, change: (edit: (draft: Draft) => Draft) => setDraft(edit), faultsAt: () => [], check: undefined } as unknown as Editor
    return (
      <QueryClientProvider client={client}>
        <CascadeSteps tenant="town" editor={editor} mayEdit />
      </QueryClientProvider>
    )
  }
  render(<Steps />)
  const minutes = (no: number) => screen.getByLabelText(`Étape ${no} : attente`) as HTMLInputElement
  fireEvent.change(minutes(1), { target: { value: '7' } })
  fireEvent.click(screen.getByRole('button', { name: 'Plus tard : SMS' }))
  expect([minutes(1).value, minutes(2).value]).toEqual(['10', '7'])
  fireEvent.change(minutes(2), { target: { value: '' } })
  expect(screen.getByText('Écrivez un nombre de minutes.')).toBeTruthy()
  expect(last!.cascade.map(({ channel, patience }) => `${channel} ${patience}`)).toEqual(['mail PT10M', 'sms PT7M'])
})
