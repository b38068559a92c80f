import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { directory, type ContactList } from '../../api/contacts'
import { queries } from '../../api/queries'
import { Trouble } from '../../api/trouble'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Ask, Button, Choices, Field } from '../../ui/controls'
import { useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { Seen } from '../../ui/seen'
import { useKept } from '../../ui/unsaved'
import { areaFault } from './area'
import { Definition, Head } from './Definition'
import { emptyList, KINDS, listDraftOf, listEditOf, sameList, slugOf, summaryOf, type Kind, type ListDraft } from './draft'
import { Members } from './Members'

function Back({ tenant }: { tenant: string }) {
  const { w } = useWords()
  return (
    <Link to="/t/$tenant/contacts/lists" params={{ tenant }} className="room-back">
      ← {w.lists.back}
    </Link>
  )
}

export function NewListScreen() {
  const { w } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const { tag } = useSearch({ from: '/t/$tenant/contacts/lists/new' })
  const navigate = useNavigate()
  const client = useQueryClient()
  const [begun] = useState<ListDraft>(() => ({ ...emptyList, allTags: tag ? [tag] : [] }))
  const [draft, setDraft] = useState(begun)
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const kept = useKept(!sameList(begun, draft))
  useTitle(w.lists.add)

  const create = async () => {
    setTried(true)
    setTrouble(undefined)
    if (busy || !draft.name.trim() || isUnfinished(draft)) return
    setBusy(true)
    try {
      const made = await directory.saveList(tenant, slugOf(draft.name), listEditOf(draft))
      await client.invalidateQueries({ queryKey: [tenant, 'lists'], refetchType: 'none' })
      kept.release()
      await navigate({ to: '/t/$tenant/contacts/lists/$list', params: { tenant, list: made.slug }, replace: true })
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }

  return (
    <form
      className="room room-narrow"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void create()
      }}
    >
      <header className="room-head">
        <Back tenant={tenant} />
        <h1>{w.lists.add}</h1>
      </header>
      {trouble !== undefined && (
        <Seen>
          <TroubleNotice trouble={trouble} />
        </Seen>
      )}
      <section className="panel">
        <Field
          label={w.lists.name}
          value={draft.name}
          onChange={(name) => setDraft({ ...draft, name })}
          error={tried && !draft.name.trim() ? w.lists.nameMissing : undefined}
          maxLength={200}
          autoFocus
        />
        <Choices<Kind>
          label={w.lists.which}
          value={draft.kind}
          onChange={(kind) => setDraft({ ...draft, kind })}
          options={KINDS.map((kind) => ({ value: kind, text: w.lists.kind[kind], hint: w.lists.kindHint[kind] }))}
        />
      </section>
      {draft.kind !== 'static' && <Definition tenant={tenant} draft={draft} onChange={setDraft} tried={tried} mayEdit />}
      <div className="save-bar">
        <Button type="submit" kind="primary" isDisabled={busy}>
          {busy ? w.contacts.saving : w.lists.create}
        </Button>
      </div>
      {kept.ask}
    </form>
  )
}

/** Nothing to save yet: what is lacking is told where it is lacking. */
const isUnfinished = (draft: ListDraft) =>
  (draft.kind === 'nested' && draft.includes.length === 0) || (draft.kind === 'area' && areaFault(draft.area) !== undefined)

export function ListScreen() {
  const { w } = useWords()
  const { tenant, list: slug } = useParams({ from: '/t/$tenant/contacts/lists/$list' })
  const list = useQuery({ ...directory.list(tenant, slug), refetchOnWindowFocus: false, refetchOnReconnect: false })
  if (list.data) return <Edit key={`${tenant} ${slug}`} tenant={tenant} list={list.data} />
  return (
    <div className="room room-narrow">
      <Back tenant={tenant} />
      {list.isError ? (
        <TroubleNotice trouble={list.error} retry={() => void list.refetch()} />
      ) : (
        <p className="quiet waiting" role="status">
          {w.loading}
        </p>
      )}
    </div>
  )
}

function Edit({ tenant, list }: { tenant: string; list: ContactList }) {
  const { w } = useWords()
  const client = useQueryClient()
  const mayEdit = useMay('tenant-admin', 'agency-admin')
  const maySee = useMay('tenant-admin', 'activator', 'supervisor', 'agency-admin')
  const all = useQuery(queries.lists(tenant))
  const [base, setBase] = useState(list)
  const [draft, setDraft] = useState(() => listDraftOf(list))
  const [busy, setBusy] = useState(false)
  const [saved, setSaved] = useState(false)
  const [tried, setTried] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const [theirs, setTheirs] = useState<ContactList>()
  const isChanged = !sameList(listDraftOf(base), draft)
  const kept = useKept(isChanged)
  const nameOf = (slug: string) => all.data?.items.find((each) => each.slug === slug)?.name ?? slug
  useTitle(base.name)

  const save = async () => {
    setTried(true)
    setTrouble(undefined)
    if (busy || !draft.name.trim() || isUnfinished(draft)) return
    setBusy(true)
    try {
      const now = await directory.saveList(tenant, base.slug, listEditOf(draft), base.version)
      client.setQueryData(directory.list(tenant, base.slug).queryKey, now)
      void client.invalidateQueries({ queryKey: [tenant, 'lists'] })
      setBase(now)
      setDraft(listDraftOf(now))
      setSaved(true)
    } catch (failure) {
      if (failure instanceof Trouble && failure.kind === 'changed') {
        try {
          setTheirs(await client.fetchQuery({ ...directory.list(tenant, base.slug), staleTime: 0 }))
        } catch (again) {
          setTrouble(again)
        }
      } else setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  const settle = (side: 'mine' | 'theirs') => {
    if (!theirs) return
    setBase(theirs)
    if (side === 'theirs') setDraft(listDraftOf(theirs))
    setTheirs(undefined)
  }

  return (
    <form
      className="room room-narrow"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <header className="room-head">
        <Back tenant={tenant} />
        <h1>
          <Plain>{base.name}</Plain>
        </h1>
        <p className="quiet">{w.lists.kind[base.kind] ?? base.kind}</p>
        {!mayEdit && <p className="quiet">{w.contacts.mayNotEdit}</p>}
      </header>
      {trouble !== undefined && (
        <Seen>
          <TroubleNotice trouble={trouble} />
        </Seen>
      )}
      {theirs && (
        <Seen>
          <section className="conflict">
            <Notice tone="warn" title={w.lists.conflict} live>
              <p>{w.lists.conflictLead}</p>
            </Notice>
            <div className="panel">
              <Choices<'mine' | 'theirs'>
                label={w.lists.conflictWhich}
                value={null}
                onChange={settle}
                options={[
                  { value: 'mine', text: w.contacts.conflictMine, hint: <Plain>{[draft.name, summaryOf(draft, w, nameOf)].filter(Boolean).join(' — ')}</Plain> },
                  { value: 'theirs', text: w.contacts.conflictTheirs, hint: <Plain>{[theirs.name, summaryOf(listDraftOf(theirs), w, nameOf)].filter(Boolean).join(' — ')}</Plain> },
                ]}
              />
            </div>
          </section>
        </Seen>
      )}
      <section className="panel">
        <Field
          label={w.lists.name}
          value={draft.name}
          isReadOnly={!mayEdit}
          onChange={(name) => {
            setSaved(false)
            setDraft({ ...draft, name })
          }}
          error={tried && !draft.name.trim() ? w.lists.nameMissing : undefined}
          maxLength={200}
        />
      </section>
      {base.kind === 'static' ? (
        <div className="list-columns">
          {maySee && <Members tenant={tenant} list={base.slug} mayEdit={mayEdit} />}
          <Head tenant={tenant} list={base.slug} />
        </div>
      ) : (
        <Definition
          tenant={tenant}
          draft={draft}
          onChange={(next) => {
            setSaved(false)
            setDraft(next)
          }}
          tried={tried}
          mayEdit={mayEdit}
          slug={base.slug}
        />
      )}
      {maySee && (
        <p>
          <Link to="/t/$tenant/contacts" params={{ tenant }} search={{ list: base.slug }}>
            {w.lists.see}
          </Link>
        </p>
      )}
      {mayEdit && <Remove tenant={tenant} list={base} onRemoved={kept.release} />}
      {/* Members are saved as they come and go: with nothing else to save there is nothing to press. */}
      {mayEdit && (base.kind !== 'static' || isChanged || saved) && (
        <div className="save-bar">
          <Button type="submit" kind="primary" isDisabled={busy || !isChanged || theirs !== undefined}>
            {busy ? w.contacts.saving : w.contacts.save}
          </Button>
          {isChanged && (
            <Button isDisabled={busy} onPress={() => setDraft(listDraftOf(base))}>
              {w.contacts.discard}
            </Button>
          )}
          <p className="save-state" role="status">
            {isChanged ? w.contacts.unsaved : saved ? w.contacts.saved : ''}
          </p>
        </div>
      )}
      {kept.ask}
    </form>
  )
}

/** A deleted list cannot come back, so it is asked about, with the scenarios that would miss it. */
function Remove({ tenant, list, onRemoved }: { tenant: string; list: ContactList; onRemoved: () => void }) {
  const { w } = useWords()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const scenarios = useQuery({ ...queries.scenarios(tenant), enabled: asking })
  const read = useQueries({ queries: (asking ? (scenarios.data?.items ?? []) : []).map(({ slug }) => queries.scenario(tenant, slug)) })
  const looking = asking && (scenarios.isPending || read.some((each) => each.isPending))
  const using = read.flatMap(({ data }) => (data?.lists?.includes(list.slug) ? [data.name] : []))
  const remove = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await directory.deleteList(tenant, list.slug)
      onRemoved()
      await client.invalidateQueries({ queryKey: [tenant, 'lists'], refetchType: 'none' })
      await navigate({ to: '/t/$tenant/contacts/lists', params: { tenant } })
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }
  return (
    <div>
      <Button kind="danger" onPress={() => setAsking(true)}>
        {w.lists.remove}
      </Button>
      <Ask open={asking} onClose={() => setAsking(false)} title={w.lists.removeTitle(list.name)} role="alertdialog">
        <p>{w.lists.removeText}</p>
        {looking && (
          <p className="quiet" role="status">
            {w.lists.removeChecking}
          </p>
        )}
        {using.length > 0 && <Notice tone="bad" title={w.lists.removeUsed(using.join(', '))} live />}
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        <div className="dialog-buttons">
          <Button autoFocus onPress={() => setAsking(false)}>
            {w.lists.removeNo}
          </Button>
          <Button kind="danger" isDisabled={busy || looking} onPress={() => void remove()}>
            {w.lists.removeYes}
          </Button>
        </div>
      </Ask>
    </div>
  )
}
