import { useBlocker } from '@tanstack/react-router'
import { useRef, type ReactNode } from 'react'
import { useWords } from '../i18n'
import { Ask, Button } from './controls'

/**
 * Keeps what is typed and not saved from being left by accident: within the portal it is asked about here, by the window's closing the
 * browser asks.
 */
export function useKept(unsaved: boolean): { release: () => void; ask: ReactNode } {
  const { w } = useWords()
  const released = useRef(false)
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => unsaved && !released.current && current.pathname !== next.pathname,
    enableBeforeUnload: () => unsaved && !released.current,
    withResolver: true,
  })
  return {
    /** What was typed is saved, or given up on purpose. */
    release: () => {
      released.current = true
    },
    ask: (
      <Ask open={blocker.status === 'blocked'} onClose={() => blocker.reset?.()} title={w.contacts.leaveTitle} role="alertdialog">
        <p>{w.contacts.leaveText}</p>
        <div className="dialog-buttons">
          <Button autoFocus onPress={() => blocker.reset?.()}>
            {w.contacts.leaveNo}
          </Button>
          <Button kind="danger" onPress={() => blocker.proceed?.()}>
            {w.contacts.leaveYes}
          </Button>
        </div>
      </Ask>
    ),
  }
}
