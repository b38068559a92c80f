import { useQuery } from '@tanstack/react-query'
import { queries } from '../api/queries'
import { useWords } from '../i18n'
import { Warning } from '../ui/icons'

/** Everything still leaves. */
const mild = new Set(['clock-skew', 'carrier-at-one-site'])

/**
 * What is the matter with the platform itself, and what still works, on every screen: whoever is about to launch must know before they
 * press. The region is always there, so that it is read out when something begins.
 */
export function PlatformBand() {
  const { w, f } = useWords()
  const state = useQuery(queries.state())
  return (
    <div role="status" aria-live="polite" className="platform">
      {state.data?.conditions.map(({ code, since, words, stillWorks }) => {
        const known = w.condition.states[code]
        return (
          <div key={code} className={mild.has(code) ? 'platform-one' : 'platform-one platform-grave'}>
            <Warning size={20} />
            <p lang={known ? undefined : 'en'}>
              <strong>{known?.what ?? words}</strong> {known?.works ?? stillWorks}
              <span className="platform-since">{w.condition.since(f.clock(since))}</span>
            </p>
          </div>
        )
      })}
    </div>
  )
}
