import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { imports, isOpen, type ImportRun, type RowError } from '../../api/contacts'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Ask, Button } from '../../ui/controls'
import { inFrench } from '../../ui/french'
import { Check, Clock, Cross, Tray } from '../../ui/icons'
import { useTitle } from '../../ui/mode'
import { Announce, Notice, TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { Said } from '../../ui/said'
import { UploadBar, useUpload } from '../../ui/upload'
import { Sections } from '../contacts/Sections'
import { csvOf } from './csv'
import { draftStore, tried } from './draft'
import { FilePick } from './FilePick'
import { Sending } from './ImportScreen'
import { Stepper } from './Stepper'

/** One run under its own address: it can be left, and found again while it works or long after. */
export function ImportRunScreen() {
  const { w, f } = useWords()
  const { tenant, run: id } = useParams({ from: '/t/$tenant/contacts/imports/$run' })
  const client = useQueryClient()
  const run = useQuery(imports.run(tenant, id))
  const state = run.data?.state
  const title = run.data ? (run.data.dryRun ? w.imports.dryRunOf(run.data.fileName) : w.imports.run(run.data.fileName)) : w.imports.latest
  useTitle(title)
  useEffect(() => {
    // Whoever is on the people's screen next sees the people as they are now.
    if (state === 'done' || state === 'rolled-back') {
      void client.invalidateQueries({ queryKey: [tenant, 'contacts'] })
      void client.invalidateQueries({ queryKey: [tenant, 'lists'] })
    }
  }, [state, tenant, client])
  return (
    <div className="room">
      <Sections
        tenant={tenant}
        title={title}
        lead={
          run.data && (
            <p className="quiet figures">
              <Plain>{w.imports.startedBy(run.data.startedBy, f.day(run.data.startedAt))}</Plain>
            </p>
          )
        }
      />
      {run.data && <Stepper at={run.data.dryRun ? 2 : 3} />}
      {run.isError && !run.data && <TroubleNotice trouble={run.error} retry={() => void run.refetch()} />}
      {run.isPending && (
        <p className="quiet waiting" role="status">
          {w.loading}
        </p>
      )}
      {run.data && (
        <>
          {run.isError && <TroubleNotice trouble={run.error} />}
          <Outcome run={run.data} />
          {!isOpen(run.data) && <Acts key={run.data.id} tenant={tenant} run={run.data} />}
          {!isOpen(run.data) && <Errors tenant={tenant} run={run.data} />}
        </>
      )}
    </div>
  )
}

export function RunState({ run }: { run: ImportRun }) {
  const { w } = useWords()
  const tone = run.state === 'done' ? 'good' : run.state === 'failed' ? 'bad' : 'plain'
  return (
    <span className="tone" data-tone={tone}>
      {run.state === 'done' ? <Check size={16} /> : run.state === 'failed' ? <Cross size={16} /> : <Clock size={16} />}
      {w.imports.state[run.state] ?? run.state}
    </span>
  )
}

const COUNTS = ['added', 'changed', 'unchanged', 'removed', 'rejected'] as const

function Outcome({ run }: { run: ImportRun }) {
  const { w, f } = useWords()
  const said = w.imports.state[run.state] ?? run.state
  if (isOpen(run)) {
    return (
      <section className="panel run-open" aria-busy>
        <p className="verdict" role="status">
          <span className="verdict-sign">
            <Clock size={26} />
          </span>
          {said}
        </p>
        <div className="run-bar" aria-hidden />
        <p className="figures">{run.state === 'queued' ? w.imports.queuedLead : w.imports.runningLead(f.n(run.rowsRead))}</p>
        <p className="quiet">{w.imports.leaveFree}</p>
      </section>
    )
  }
  if (run.state === 'failed') {
    return (
      <Notice tone="bad" title={said} live>
        <p>{w.imports.failedKept}</p>
        {run.problem && (
          <p className="notice-detail">
            {w.troubleDetail} : <span lang="en">{run.problem}</span>
          </p>
        )}
      </Notice>
    )
  }
  const words = run.dryRun ? w.imports.would : w.imports.did
  const title = run.state === 'rolled-back' ? w.imports.rolledBack : run.dryRun ? w.imports.dryRunDone : w.imports.done
  return (
    <section className="panel" aria-label={title}>
      <p className="verdict" role="status">
        <span className="verdict-sign" data-tone={run.state === 'rolled-back' ? 'plain' : 'good'}>
          <Check size={26} />
        </span>
        {title}
      </p>
      <ul className="run-counts" data-undone={run.state === 'rolled-back' || undefined}>
        {COUNTS.filter((count) => count !== 'removed' || run.removed > 0).map((count) => (
          <li key={count} data-count={count} data-some={run[count] > 0 || undefined}>
            <span className="run-figure figures">{f.n(run[count])}</span>
            {words[count]}
          </li>
        ))}
      </ul>
      <p className="quiet figures">{w.imports.rows(f.n(run.rowsRead))}</p>
      <Announce>{title}</Announce>
    </section>
  )
}

/** What comes next: the real import after a trial, its undoing after that. */
function Acts({ tenant, run }: { tenant: string; run: ImportRun }) {
  const { w } = useWords()
  const navigate = useNavigate()
  const client = useQueryClient()
  const may = useMay('tenant-admin', 'agency-admin')
  const limits = useQuery({ ...imports.limits(tenant), enabled: may })
  const draft = draftStore.get(tenant)
  const [file, setFile] = useState(draft?.run === run.id ? draft.file : undefined)
  const plan = draft?.run === run.id ? draft.plan : tried.of(tenant, run.id)?.plan
  const before = tried.of(tenant, run.id)
  const [picking, setPicking] = useState(false)
  const [other, setOther] = useState(false)
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const sending = useUpload()
  const [trouble, setTrouble] = useState<unknown>()
  const [undoing, setUndoing] = useState<unknown>()
  if (!may) return null

  const go = async (chosen: File) => {
    if (!plan) return
    setBusy(true)
    setTrouble(undefined)
    try {
      const real = await sending.run((watch) => imports.start(tenant, chosen, plan, false, watch))
      tried.keep(tenant, real.id, { plan, name: chosen.name, size: chosen.size })
      draftStore.drop(tenant)
      await navigate({ to: '/t/$tenant/contacts/imports/$run', params: { tenant, run: real.id } })
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }
  const undo = async () => {
    setAsking(false)
    setBusy(true)
    setUndoing(undefined)
    try {
      client.setQueryData(imports.run(tenant, run.id).queryKey, await imports.rollback(tenant, run.id))
    } catch (failure) {
      setUndoing(failure)
    } finally {
      setBusy(false)
    }
  }

  if (run.dryRun) {
    return (
      <>
        {trouble !== undefined && <Sending trouble={trouble} retry={() => file && void go(file)} />}
        {other && <Notice tone="bad" title={w.imports.otherFile(run.fileName)} live />}
        {picking && !file && run.state === 'done' && (
          <FilePick
            limit={limits.data?.maxFileBytes}
            busy={busy}
            label={w.imports.needFileGo}
            lead={w.imports.needFile}
            onFile={(chosen) => {
              const same = before === undefined || (before.name === chosen.name && before.size === chosen.size)
              setOther(!same)
              if (same) setFile(chosen)
            }}
          />
        )}
        {file && <UploadBar name={file.name} progress={sending.progress} onStop={sending.stop} />}
        <div className="run-acts">
          {run.state === 'done' && plan && (!picking || file) && (
            <Button kind="primary" size="large" isDisabled={busy} onPress={() => (file ? void go(file) : setPicking(true))}>
              {busy && file ? w.imports.sending(w.imports.size(file.size)) : w.imports.go}
            </Button>
          )}
          <Link to="/t/$tenant/contacts/import" params={{ tenant }} className="button button-plain">
            {draft?.run === run.id ? w.imports.back : w.imports.fixed}
          </Link>
        </div>
      </>
    )
  }
  const tags = plan?.tags ?? []
  return (
    <>
      {undoing !== undefined && <TroubleNotice trouble={undoing} />}
      <div className="run-acts">
        <Link to="/t/$tenant/contacts" params={{ tenant }} search={tags[0] ? { tag: tags[0] } : {}} className="button button-primary">
          {w.imports.see}
        </Link>
        {run.state === 'done' && (
          <>
            <Link to="/t/$tenant/contacts/lists/new" params={{ tenant }} search={tags[0] ? { tag: tags[0] } : {}} className="button button-plain">
              {w.imports.toLists}
            </Link>
            <Button kind="danger" isDisabled={busy} onPress={() => setAsking(true)}>
              {w.imports.undo}
            </Button>
          </>
        )}
      </div>
      <Ask open={asking} onClose={() => setAsking(false)} title={w.imports.undoTitle} role="alertdialog">
        <p>{w.imports.undoText}</p>
        <div className="dialog-buttons">
          <Button autoFocus onPress={() => setAsking(false)}>
            {w.imports.undoNo}
          </Button>
          <Button kind="danger" onPress={() => void undo()}>
            {w.imports.undoYes}
          </Button>
        </div>
      </Ask>
    </>
  )
}

function Errors({ tenant, run }: { tenant: string; run: ImportRun }) {
  const { w } = useWords()
  const may = useMay('tenant-admin', 'agency-admin')
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const errors = useInfiniteQuery({
    queryKey: [tenant, 'imports', run.id, 'errors'],
    queryFn: ({ pageParam }) => imports.errors(tenant, run.id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: may,
    staleTime: Infinity,
  })
  const rows = errors.data?.pages.flatMap((page) => page.items) ?? []
  if (!may) return null

  /** All that the API kept, whatever of it is shown here. */
  const download = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const all: RowError[] = []
      for (let after: string | undefined, more = true; more; ) {
        const page = await imports.errors(tenant, run.id, after, 1000)
        all.push(...page.items)
        after = page.next ?? undefined
        more = after !== undefined
      }
      const text = csvOf([
        [w.imports.row, w.imports.column, w.imports.outcomeColumn, w.imports.problem],
        ...all.map((error) => [error.row, error.field, w.imports.outcome[error.outcome] ?? error.outcome, (w.locale.startsWith('fr') && inFrench(error.problem)) || error.problem]),
      ])
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
      link.download = `${run.fileName.replace(/\.[^.]*$/, '')}-${run.id}.csv`
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }

  if (errors.isError) return <TroubleNotice trouble={errors.error} retry={() => void errors.refetch()} />
  if (!errors.data) return null
  if (rows.length === 0) return run.state === 'failed' ? null : <p className="quiet">{w.imports.errorsNone}</p>
  return (
    <section className="panel" aria-labelledby="import-errors">
      <header className="people-head">
        <h2 id="import-errors">{w.imports.errors}</h2>
        <Button size="small" isDisabled={busy} onPress={() => void download()}>
          <Tray size={16} /> {w.imports.downloadErrors}
        </Button>
      </header>
      {run.dryRun && <p className="quiet">{w.imports.errorsLead}</p>}
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      <div className="table-scroll" role="group" aria-labelledby="import-errors" tabIndex={0}>
        <table className="people-table errors-table">
          <thead>
            <tr>
              <th scope="col">{w.imports.row}</th>
              <th scope="col">{w.imports.column}</th>
              <th scope="col">{w.imports.problem}</th>
              <th scope="col">{w.imports.outcomeColumn}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((error, index) => (
              <tr key={index}>
                <th scope="row" className="figures">
                  {error.row}
                </th>
                <td>
                  <Plain>{error.field}</Plain>
                </td>
                <td className="errors-problem">
                  <Said>{error.problem}</Said>
                </td>
                <td className="errors-outcome" data-outcome={error.outcome}>
                  {w.imports.outcome[error.outcome] ?? error.outcome}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {errors.hasNextPage && (
        <div>
          <Button size="small" onPress={() => void errors.fetchNextPage()} isDisabled={errors.isFetchingNextPage}>
            {w.imports.moreErrors}
          </Button>
        </div>
      )}
    </section>
  )
}
