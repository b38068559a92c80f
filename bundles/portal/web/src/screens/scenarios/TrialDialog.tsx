import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useMemo, useState } from 'react'
import { onceKey } from '../../api/client'
import { sayWhoIAm, scenarioQueries, tryOnMe } from '../../api/scenarios'
import { useWords } from '../../i18n'
import { Ask, Button } from '../../ui/controls'
import { Line } from '../../ui/form'
import { ModeTag } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import type { Draft } from './draft'

/** The scenario as an exercise for whoever sits here, and for nobody else. */
export function TrialDialog({ tenant, slug, draft, onClose }: { tenant: string; slug: string; draft: Draft; onClose: () => void }) {
  const { w } = useWords()
  const client = useQueryClient()
  const me = useQuery(scenarioQueries.me(tenant))
  const [choosing, setChoosing] = useState(false)
  const open = useMemo(() => Object.keys(draft.variables).filter((name) => !draft.variables[name]?.trim()), [draft])
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(open.map((name) => [name, ''])))
  // One key for one meaning: pressed again after a lost answer, nothing is sent twice.
  const key = useMemo(() => {
    void values
    return onceKey()
  }, [values])
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const [sent, setSent] = useState<number>()
  const known = me.data?.contactId != null && !choosing
  const go = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const alert = await tryOnMe(tenant, slug, Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim())), key)
      setSent(alert.alertId)
      void client.invalidateQueries({ queryKey: [tenant, 'alerts'] })
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Ask open onClose={onClose} title={w.scenarios.tryTitle} mode="drill">
      <p>
        <ModeTag mode="drill" /> {w.scenarios.tryLead}
      </p>
      {me.isError && <TroubleNotice trouble={me.error} retry={() => void me.refetch()} />}
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      {sent !== undefined ? (
        <>
          <Notice tone="good" title={w.scenarios.trySent} live>
            <Link to="/t/$tenant/alerts/$alert" params={{ tenant, alert: sent }}>
              {w.scenarios.tryFollow}
            </Link>
          </Notice>
          <div className="dialog-buttons">
            <Button kind="primary" onPress={onClose}>
              {w.scenarios.close}
            </Button>
          </div>
        </>
      ) : !me.data ? (
        <p className="quiet">{w.loading}</p>
      ) : known ? (
        <>
          <div className="trial-me">
            <p className="row-title">{me.data.name}</p>
            <ul>
              {me.data.endpoints.map((endpoint) => (
                <li key={endpoint.kind + endpoint.address} className="figures">
                  {endpoint.writtenAs || endpoint.address}
                </li>
              ))}
            </ul>
            <Button size="small" kind="quiet" onPress={() => setChoosing(true)}>
              {w.scenarios.notMe}
            </Button>
          </div>
          {open.map((name) => (
            <Line key={name} label={name.replaceAll('_', ' ')} value={values[name] ?? ''} maxLength={300} onChange={(value) => setValues((now) => ({ ...now, [name]: value }))} />
          ))}
          <div className="dialog-buttons">
            <Button onPress={onClose}>{w.scenarios.cancel}</Button>
            <Button kind="mode" isDisabled={busy} onPress={() => void go()}>
              {busy ? w.launch.sending : w.scenarios.trySend}
            </Button>
          </div>
        </>
      ) : (
        <WhoAmI
          tenant={tenant}
          onSaid={(found) => {
            client.setQueryData(scenarioQueries.me(tenant).queryKey, found)
            setChoosing(false)
          }}
        />
      )}
    </Ask>
  )
}

/** Said once, and journaled: a trial goes to nobody who was not named as oneself. */
function WhoAmI({ tenant, onSaid }: { tenant: string; onSaid: (me: Awaited<ReturnType<typeof sayWhoIAm>>) => void }) {
  const { w } = useWords()
  const [search, setSearch] = useState('')
  const asked = useDeferredValue(search)
  const found = useQuery(scenarioQueries.contacts(tenant, asked.trim()))
  const [trouble, setTrouble] = useState<unknown>()
  return (
    <div className="trial-who">
      <Line label={w.scenarios.whoAmI} type="search" value={search} onChange={setSearch} hint={w.scenarios.whoAmIHint} autoFocus />
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      <ul className="rows" aria-label={w.scenarios.found}>
        {(search.trim().length > 1 ? (found.data?.items ?? []) : []).map((contact) => (
          <li key={contact.id} className="row">
            <span className="row-main">
              <span className="row-title">
                {contact.firstName} {contact.lastName}
              </span>
              <span className="row-hint figures">{contact.endpoints.map((endpoint) => endpoint.writtenAs || endpoint.address).join(' · ')}</span>
            </span>
            <Button size="small" onPress={() => void sayWhoIAm(tenant, contact.id).then(onSaid, setTrouble)} aria-label={`${w.scenarios.thatsMe} : ${contact.firstName} ${contact.lastName}`}>
              {w.scenarios.thatsMe}
            </Button>
          </li>
        ))}
      </ul>
      {found.data?.items.length === 0 && <p className="quiet">{w.scenarios.nobodyFound}</p>}
    </div>
  )
}
