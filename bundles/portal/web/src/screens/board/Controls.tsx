import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, ask, BASE, onceKey, send, type Status } from '../../api/client'
import { Trouble, type Problem } from '../../api/trouble'
import { modeOf } from '../../api/model'
import { queries } from '../../api/queries'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { reachedOf } from '../../ui/bars'
import { Ask, Button } from '../../ui/controls'
import { Check, Cross, Pause, Pen, Play, Tray } from '../../ui/icons'
import { Notice, TroubleNotice } from '../../ui/notice'

/** What can still be done with the alert. Pausing can be undone, so it is not asked about; cancelling cannot. */
export function Controls({ tenant, status, onReopened }: { tenant: string; status: Status; onReopened: () => void }) {
  const { w, f } = useWords()
  const client = useQueryClient()
  const may = useMay('tenant-admin', 'activator', 'agency-admin')
  const mayLaunch = useMay('activator', 'agency-admin')
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const { alert, totals } = status
  const seesPeople = useMay('tenant-admin', 'activator', 'supervisor', 'auditor', 'agency-admin')
  const open = alert.state === 'RUNNING' || alert.state === 'PAUSED'

  const act = async (what: 'pause' | 'resume' | 'cancellation') => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const params = { path: { tenant, alert: alert.alertId } }
      const now =
        what === 'pause'
          ? await ask(api.POST('/tenants/{tenant}/alerts/{alert}/pause', { params }))
          : what === 'resume'
            ? await ask(api.POST('/tenants/{tenant}/alerts/{alert}/resume', { params: { ...params, header: { 'Idempotency-Key': onceKey() } } }))
            : await ask(api.POST('/tenants/{tenant}/alerts/{alert}/cancellation', { params }))
      client.setQueryData(queries.status(tenant, alert.alertId).queryKey, now)
      void client.invalidateQueries({ queryKey: [tenant, 'alerts'] })
      if (what === 'resume') onReopened()
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }

  /** The signed package, with names for whoever may see them; as a file, for it is to be kept elsewhere. */
  const evidence = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const variant = seesPeople ? 'full' : 'masked'
      const answer = await send(new Request(`${BASE}/tenants/${tenant}/alerts/${alert.alertId}/evidence?variant=${variant}`, { headers: { Accept: 'application/zip' } }))
      if (!answer.ok) throw Trouble.of(answer.status, (await answer.json().catch(() => undefined)) as Problem | undefined)
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await answer.blob())
      link.download = `evidence-${tenant}-${alert.alertId}${seesPeople ? '' : '-masked'}.zip`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      {alert.state === 'PAUSED' && <Notice tone="warn" title={w.board.paused} live />}
      {alert.state === 'CANCELLED' && <Notice tone="plain" title={w.board.cancelled(f.n(reachedOf(totals)))} live />}
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      {!open && (
        <div className="board-controls">
          <Button onPress={() => void evidence()} isDisabled={busy}>
            <Tray size={18} /> {w.board.evidence}
          </Button>
          {mayLaunch && lately(alert.endedAt) && <FollowUpLinks tenant={tenant} alert={alert.alertId} />}
        </div>
      )}
      {open && may && (
        <div className="board-controls">
          {alert.state === 'RUNNING' ? (
            <Button onPress={() => void act('pause')} isDisabled={busy}>
              <Pause size={18} /> {w.board.pause}
            </Button>
          ) : (
            <Button kind="primary" onPress={() => void act('resume')} isDisabled={busy}>
              <Play size={18} /> {w.board.resume}
            </Button>
          )}
          {mayLaunch && <FollowUpLinks tenant={tenant} alert={alert.alertId} />}
          <Button kind="danger" onPress={() => setAsking(true)} isDisabled={busy}>
            <Cross size={18} /> {w.board.cancel}
          </Button>
        </div>
      )}
      <Ask open={asking} onClose={() => setAsking(false)} title={w.board.cancelTitle} role="alertdialog" mode={modeOf(alert.drill)}>
        <p>{w.board.cancelText(f.n(reachedOf(totals)), f.n(totals.pending))}</p>
        <div className="dialog-buttons">
          <Button onPress={() => setAsking(false)} autoFocus>
            {w.board.cancelNo}
          </Button>
          <Button
            kind="danger"
            onPress={() => {
              setAsking(false)
              void act('cancellation')
            }}
          >
            {w.board.cancelYes}
          </Button>
        </div>
      </Ask>
    </>
  )
}

/** Two days: who wants to say something of an older alert launches a scenario. */
const LATELY = 48 * 3_600_000
const lately = (endedAt: string | null | undefined) => endedAt != null && Date.now() - Date.parse(endedAt) < LATELY

function FollowUpLinks({ tenant, alert }: { tenant: string; alert: number }) {
  const { w } = useWords()
  return (['all-clear', 'correction'] as const).map((kind) => (
    <Link key={kind} to="/t/$tenant/alerts/$alert/follow-up/$kind" params={{ tenant, alert, kind }} className="button button-plain button-usual">
      {kind === 'all-clear' ? <Check size={18} /> : <Pen size={18} />} {w.followUp[kind]}
    </Link>
  ))
}
