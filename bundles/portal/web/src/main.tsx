import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Trouble } from './api/trouble'
import { router } from './app/router'
import { session } from './app/session'
import { Entrance } from './app/Entrance'
import { Speaking } from './i18n'
import './styles/fonts.css'
import './styles/index.css'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, failure) => failure instanceof Trouble && failure.passes && count < 3,
      refetchOnWindowFocus: true,
    },
  },
})
session.subscribe(() => {
  // Who signs out leaves nothing behind for the next one.
  if (session.get().phase === 'signed-out') client.clear()
})
void session.start()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Speaking>
        <Entrance>
          <RouterProvider router={router} />
        </Entrance>
      </Speaking>
    </QueryClientProvider>
  </StrictMode>,
)
