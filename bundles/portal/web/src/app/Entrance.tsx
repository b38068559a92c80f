import { useSyncExternalStore, type ReactNode } from 'react'
import { useWords } from '../i18n'
import { SignInForm } from '../screens/SignIn'
import { SignInScreen } from '../screens/SignIn'
import { Ask, Button } from '../ui/controls'
import { session } from './session'

export const useSession = () => useSyncExternalStore(session.subscribe, session.get)

/** Nobody passes without being known; whoever was known and is no more signs in over the page they are on. */
export function Entrance({ children }: { children: ReactNode }) {
  const state = useSession()
  const { w } = useWords()
  switch (state.phase) {
    case 'starting':
      return (
        <p className="waiting" role="status">
          {w.loading}
        </p>
      )
    case 'signed-out':
      return <SignInScreen />
    default:
      return (
        <>
          {children}
          <Ask open={state.phase === 'expired'} onClose={() => undefined} title={w.signIn.again} keepOpen>
            <p>{w.signIn.againLead}</p>
            <SignInForm login={state.me.name} />
            <Button kind="quiet" onPress={() => void session.signOut()}>
              {w.signIn.leave}
            </Button>
          </Ask>
        </>
      )
  }
}

/** Who is signed in; only under {@link Entrance}. */
export function useMe() {
  const state = useSession()
  if (state.phase !== 'signed-in' && state.phase !== 'expired') throw new Error('nobody is signed in here')
  return state.me
}

/** Whether any of these roles is the signed-in person's. The API decides; this only spares them a refusal. */
export function useMay(...roles: string[]): boolean {
  const me = useMe()
  return me.roles.some((role) => roles.includes(role))
}
