import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { type CapsOf, type CapView } from '../../api/admin'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Ask, Button, Field } from '../../ui/controls'
import { TroubleNotice } from '../../ui/notice'
import { faultOf } from './faults'

/** How much a local exchange or a site takes. */
export function Caps({ of, lead }: { of: CapsOf; lead?: string }) {
  const { w, f } = useWords()
  const client = useQueryClient()
  const mayEdit = useMay('tenant-admin', 'agency-admin', 'operator')
  const caps = useQuery(of.list)
  const [editing, setEditing] = useState<CapView | 'new'>()
  const [removing, setRemoving] = useState<CapView>()
  const [trouble, setTrouble] = useState<unknown>()
  const remove = async (cap: CapView) => {
    setRemoving(undefined)
    setTrouble(undefined)
    try {
      await of.remove(cap.name)
    } catch (failure) {
      setTrouble(failure)
    }
    await client.invalidateQueries({ queryKey: of.list.queryKey })
  }
  return (
    <section className="panel" aria-labelledby="admin-caps">
      <header className="head-row">
        <div>
          <h2 id="admin-caps">{w.admin.cap.title}</h2>
          <p className="quiet">{lead ?? w.admin.cap.lead}</p>
        </div>
        {mayEdit && (
          <Button size="small" onPress={() => setEditing('new')}>
            {w.admin.cap.new}
          </Button>
        )}
      </header>
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      {caps.isError && <TroubleNotice trouble={caps.error} retry={() => void caps.refetch()} />}
      {caps.data?.items.length === 0 && <p className="quiet">{w.admin.cap.none}</p>}
      <ul className="rows">
        {caps.data?.items.map((cap) => (
          <li key={cap.name + cap.shared} className="row user-row">
            <span className="row-main">
              <span className="row-title">
                {cap.name} {cap.shared && !of.shares && <span className="role">{w.admin.account.shared}</span>}
              </span>
              <span className="row-hint figures">
                {cap.prefixes.join(', ')} · {cap.channels.length === 0 ? w.admin.cap.channelsAll : cap.channels.map((channel) => w.channel[channel] ?? channel).join(', ')}
              </span>
              <span className="row-hint figures">
                {w.admin.cap.now(f.n(Math.round(cap.ratePerSecond * 10) / 10))}
                {cap.waiting > 0 && ` · ${w.admin.cap.waiting(f.n(cap.waiting))}`}
              </span>
            </span>
            <strong className="figures">{w.admin.account.rate(f.n(cap.perSecond))}</strong>
            {mayEdit && (!cap.shared || of.shares) && (
              <span className="buttons">
                <Button size="small" aria-label={w.admin.editOne(cap.name)} onPress={() => setEditing(cap)}>
                  {w.admin.edit}
                </Button>
                <Button size="small" kind="danger" aria-label={`${w.admin.cap.remove} : ${cap.name}`} onPress={() => setRemoving(cap)}>
                  {w.admin.cap.remove}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {editing && <CapForm of={of} cap={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
      {removing && (
        <Ask open onClose={() => setRemoving(undefined)} title={w.admin.cap.removeTitle(removing.name)} role="alertdialog">
          <p>{w.admin.cap.removeText}</p>
          <div className="dialog-buttons">
            <Button onPress={() => setRemoving(undefined)} autoFocus>
              {w.admin.cancel}
            </Button>
            <Button kind="danger" onPress={() => void remove(removing)}>
              {w.admin.cap.remove}
            </Button>
          </div>
        </Ask>
      )}
    </section>
  )
}

const words = (text: string) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean)

function CapForm({ of, cap, onClose }: { of: CapsOf; cap: CapView | undefined; onClose: () => void }) {
  const { w } = useWords()
  const client = useQueryClient()
  const [name, setName] = useState(cap?.name ?? '')
  const [prefixes, setPrefixes] = useState(cap?.prefixes.join(', ') ?? '')
  const [perSecond, setPerSecond] = useState(cap ? String(cap.perSecond) : '')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const rate = Number(perSecond.replace(',', '.'))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!name.trim() || words(prefixes).length === 0 || !(rate > 0) || busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      await of.put(name.trim(), { channels: cap?.channels ?? [], prefixes: words(prefixes), perSecond: rate })
      await client.invalidateQueries({ queryKey: of.list.queryKey })
      onClose()
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }
  return (
    <Ask open onClose={onClose} title={cap ? w.admin.editOne(cap.name) : w.admin.cap.new} keepOpen={busy}>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        {!cap && <Field label={w.admin.cap.name} hint={w.admin.account.slugHint} value={name} onChange={setName} maxLength={64} isRequired error={tried && !name.trim() ? w.admin.required : faultOf(trouble, 'name')} />}
        <Field label={w.admin.cap.prefixes} hint={w.admin.cap.prefixesHint} value={prefixes} onChange={setPrefixes} isRequired error={tried && words(prefixes).length === 0 ? w.admin.required : faultOf(trouble, 'prefixes', 'prefixes[0]')} />
        <Field label={w.admin.cap.perSecond} value={perSecond} onChange={setPerSecond} maxLength={8} isRequired error={tried && !(rate > 0) ? w.admin.cap.perSecondWrong : faultOf(trouble, 'perSecond')} />
        <div className="dialog-buttons">
          <Button onPress={onClose} isDisabled={busy}>
            {w.admin.cancel}
          </Button>
          <Button type="submit" kind="primary" isDisabled={busy}>
            {busy ? w.admin.saving : w.admin.save}
          </Button>
        </div>
      </form>
    </Ask>
  )
}
