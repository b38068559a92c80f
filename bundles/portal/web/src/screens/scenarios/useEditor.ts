import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { fetchStored, save, scenarioQueries, type Check, type Stored } from '../../api/scenarios'
import { Trouble } from '../../api/trouble'
import type { Fault } from '../../ui/form'
import { useSettled } from '../launch/settled'
import { useWords } from '../../i18n'
import type { Draft } from './draft'
import { said as spoken } from './french'
import { kept } from './kept'
import { differences, merge, type Merge } from './merge'

/** How long after a failed save the next one is tried by itself, in ms. */
const AGAIN = 5_000
/** How long nothing is typed before the server looks at it, in ms, at least. */
const QUIET = 900

export type Saving =
  | { phase: 'resting' }
  | { phase: 'busy' }
  | { phase: 'saved'; version: number }
  /** Nobody answers; it is tried again by itself. */
  | { phase: 'waiting'; trouble: Trouble }
  | { phase: 'refused'; trouble: unknown }

export type Editor = {
  draft: Draft
  change: (edit: (draft: Draft) => Draft) => void
  /** The version the draft is based on; 0: it is new. */
  version: number
  dirty: boolean
  keptHere: boolean
  saving: Saving
  save: () => void
  /** Back to what is stored. */
  drop: () => void
  conflict: (Merge & { version: number; stored: Draft; savedBy?: string }) | undefined
  settle: (choice: Record<string, 'mine' | 'theirs'>) => void
  check: Check | undefined
  /** Whether what the check says is about what is on the screen. */
  checked: boolean
  checkTrouble: unknown
  faultsAt: (...paths: string[]) => Fault[]
}

/**
 * One scenario under somebody's hands: typed here, kept on this computer at once, looked at by the server, and saved over the version it
 * is based on and over no other.
 */
export function useEditor(tenant: string, slug: string, login: string, start: { base: Draft | null; version: number; draft: Draft }, mayEdit: boolean): Editor {
  const client = useQueryClient()
  const { w } = useWords()
  const [base, setBase] = useState(start.base)
  const [version, setVersion] = useState(start.version)
  const [draft, setDraft] = useState(start.draft)
  const [saving, setSaving] = useState<Saving>({ phase: 'resting' })
  const [conflict, setConflict] = useState<Editor['conflict']>()
  const [keptHere, setKeptHere] = useState(true)
  const dirty = useMemo(() => base === null || differences(base, draft).length > 0, [base, draft])

  useEffect(() => {
    if (dirty) setKeptHere(kept.write(login, tenant, slug, { base, version, draft, at: new Date().toISOString() }))
    else kept.forget(login, tenant, slug)
  }, [dirty, draft, base, version, login, tenant, slug])

  useEffect(() => {
    // Only where the browser keeps nothing must somebody be asked before they go.
    if (!dirty || keptHere) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty, keptHere])

  const change = useCallback((edit: (draft: Draft) => Draft) => {
    setDraft((now) => edit(now))
    setSaving((now) => (now.phase === 'saved' || now.phase === 'refused' ? { phase: 'resting' } : now))
  }, [])

  const latest = useRef({ draft, version, base })
  latest.current = { draft, version, base }
  const busy = useRef(false)

  const stood = useCallback(
    (stored: Stored) => {
      setBase(stored.draft)
      setVersion(stored.version)
      void client.invalidateQueries({ queryKey: [tenant, 'scenarios'] })
      void client.invalidateQueries({ queryKey: [tenant, 'scenario-versions', slug] })
    },
    [client, tenant, slug],
  )

  /** Somebody else saved meanwhile: what each of both changed, told apart. */
  const meet = useCallback(
    (mine: Draft, theirs: Stored, from: Draft | null) => {
      const merged = merge(from ?? mine, mine, theirs.draft)
      if (merged.both.length === 0 && differences(merged.with({}), theirs.draft).length === 0) {
        // It was our own, whose answer was lost.
        stood(theirs)
        setDraft((now) => (differences(mine, now).length === 0 ? theirs.draft : now))
        setSaving({ phase: 'saved', version: theirs.version })
        return
      }
      setSaving({ phase: 'resting' })
      setConflict({ ...merged, version: theirs.version, stored: theirs.draft })
    },
    [stood],
  )

  const go = useCallback(async () => {
    if (busy.current) return
    busy.current = true
    setSaving({ phase: 'busy' })
    const sent = latest.current
    try {
      const stored = await save(tenant, slug, sent.draft, sent.version)
      stood(stored)
      // What was typed while it was sent is not saved yet, and stays.
      setDraft((now) => (differences(sent.draft, now).length === 0 ? stored.draft : now))
      setSaving({ phase: 'saved', version: stored.version })
    } catch (failure) {
      if (failure instanceof Trouble && failure.kind === 'changed') {
        const theirs = await fetchStored(tenant, slug).catch(() => undefined)
        if (theirs) meet(sent.draft, theirs, sent.base)
        else setSaving({ phase: 'refused', trouble: failure })
      } else if (failure instanceof Trouble && failure.passes) setSaving({ phase: 'waiting', trouble: failure })
      else setSaving({ phase: 'refused', trouble: failure })
    } finally {
      busy.current = false
    }
  }, [tenant, slug, stood, meet])

  useEffect(() => {
    if (saving.phase !== 'waiting') return
    const timer = setTimeout(() => void go(), AGAIN)
    const back = () => void go()
    window.addEventListener('online', back)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('online', back)
    }
  }, [saving, go])

  const [quiet, setQuiet] = useState(QUIET)
  const settled = useSettled(draft, quiet)
  const check = useQuery({ ...scenarioQueries.check(tenant, slug, settled), placeholderData: (before) => before, retry: false, enabled: mayEdit })
  const began = useRef(0)
  useEffect(() => {
    // A check of a hundred thousand people takes the server a while: it is asked the less often the longer it took.
    if (check.isFetching) began.current = performance.now()
    else if (began.current > 0) {
      setQuiet(Math.min(10 * QUIET, Math.max(QUIET, 3 * (performance.now() - began.current))))
      began.current = 0
    }
  }, [check.isFetching])
  const checked = check.data !== undefined && !check.isPlaceholderData && !check.isError && settled === draft

  const said = useMemo(() => {
    const all = [
      ...(saving.phase === 'refused' && saving.trouble instanceof Trouble ? (saving.trouble.problem?.errors ?? []) : []),
      ...(check.data?.problems ?? []),
      ...(check.data?.launch?.problems ?? []),
    ]
    return all.filter((each, index) => all.findIndex((other) => other.field === each.field && other.problem === each.problem) === index)
  }, [saving, check.data])
  const faultsAt = useCallback(
    (...paths: string[]): Fault[] => said.filter(({ field }) => paths.includes(field)).map(({ problem }) => spoken(problem, w.locale)),
    [said, w.locale],
  )

  return {
    draft,
    change,
    version,
    dirty,
    keptHere,
    saving,
    save: () => void go(),
    drop: () => {
      if (base) setDraft(base)
      setSaving({ phase: 'resting' })
      kept.forget(login, tenant, slug)
    },
    conflict,
    settle: (choice) => {
      if (!conflict) return
      setDraft(conflict.with(choice))
      setBase(conflict.stored)
      setVersion(conflict.version)
      setConflict(undefined)
    },
    check: check.data,
    checked,
    checkTrouble: check.isError ? check.error : undefined,
    faultsAt,
  }
}
