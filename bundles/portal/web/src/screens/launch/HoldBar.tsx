import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { onceKey, type Alert } from '../../api/client'
import type { Mode } from '../../api/model'
import { Trouble } from '../../api/trouble'
import { useWords } from '../../i18n'
import { Ask, Button } from '../../ui/controls'
import { HoldButton } from '../../ui/hold'
import { ModeIcon } from '../../ui/icons'
import { Notice, TroubleNotice } from '../../ui/notice'

export type Sending = { go: () => Promise<void>; busy: boolean; trouble: unknown }

/** The last of the three actions: held for two seconds, or asked for where a hand cannot hold. */
export function HoldBar({
  mode,
  words,
  about,
  people,
  problems,
  may,
  blocked: notYet,
  sending,
}: {
  mode: Mode
  words: { go: string; hold: string; title: string; confirm: string }
  /** What is launched. */
  about: string
  /** How many get it; undefined while that is not known of what is on the screen. */
  people: number | undefined
  problems: number
  may: boolean
  blocked: boolean
  sending: Sending
}) {
  const { w, f } = useWords()
  const [asking, setAsking] = useState(false)
  const [short, setShort] = useState(false)
  const blocked = !may || notYet || problems > 0 || sending.busy
  return (
    <>
      <section className="launch-bar" aria-label={words.go}>
        {sending.trouble !== undefined &&
          (sending.trouble instanceof Trouble && sending.trouble.passes ? (
            <Notice tone="bad" title={w.launch.unsure} live>
              <p>{w.launch.unsureCure}</p>
            </Notice>
          ) : (
            <TroubleNotice trouble={sending.trouble} />
          ))}
        {!may ? (
          <Notice tone="warn" title={w.launch.mayNot}>
            <p>{w.launch.mayNotCure}</p>
          </Notice>
        ) : (
          <>
            <HoldButton
              isDisabled={blocked}
              describedBy="launch-hint"
              holding={w.launch.holding}
              onHeld={() => void sending.go()}
              onShort={() => setShort(true)}
              onAlternative={() => setAsking(true)}
            >
              <ModeIcon mode={mode} size={24} />
              <span>
                {sending.busy ? w.launch.sending : words.hold}
                {people !== undefined && (
                  <span className="hold-count figures">
                    {f.n(people)} {w.launch.people(people)}
                  </span>
                )}
              </span>
            </HoldButton>
            <p id="launch-hint" className="launch-hint" role="status">
              {problems > 0 ? (
                <a href="#launch-problems" className="launch-stopped">
                  {w.launch.problems(problems)}
                </a>
              ) : short && !blocked ? (
                w.launch.holdShort
              ) : (
                w.launch.holdHint
              )}
            </p>
          </>
        )}
      </section>

      <Ask open={asking} onClose={() => setAsking(false)} title={words.title} mode={mode} role="alertdialog">
        <p>{w.launch.confirmText(f.n(people ?? 0), about)}</p>
        <div className="dialog-buttons">
          <Button kind="plain" onPress={() => setAsking(false)} autoFocus>
            {w.launch.back}
          </Button>
          <Button
            kind="mode"
            isDisabled={blocked}
            onPress={() => {
              setAsking(false)
              void sending.go()
            }}
          >
            {words.confirm}
          </Button>
        </div>
      </Ask>
    </>
  )
}

/**
 * Sends one launch and goes to its board. The same launch keeps its key, so that whoever repeats it after a lost answer launches nothing
 * twice.
 */
export function useSending<T>(tenant: string, launch: T, send: (launch: T, key: string) => Promise<Alert>): Sending {
  const navigate = useNavigate()
  const client = useQueryClient()
  const key = useMemo(() => {
    void launch
    return onceKey()
  }, [launch])
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()

  const go = async () => {
    if (busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      const alert = await send(launch, key)
      void client.invalidateQueries({ queryKey: [tenant, 'alerts'] })
      await navigate({ to: '/t/$tenant/alerts/$alert', params: { tenant, alert: alert.alertId } })
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  return { go, busy, trouble }
}
