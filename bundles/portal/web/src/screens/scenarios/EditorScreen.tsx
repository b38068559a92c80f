import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { queries } from '../../api/queries'
import { scenarioQueries, withdraw } from '../../api/scenarios'
import { useMay, useMe } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Ask, Button } from '../../ui/controls'
import { ChannelIcon } from '../../ui/icons'
import { Locked } from '../../ui/form'
import { useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { AnswersPanel } from './AnswersPanel'
import { blank, channelsOf, type Draft } from './draft'
import { EditorBar } from './EditorBar'
import { ConflictDialog } from './ConflictDialog'
import { kept } from './kept'
import { PlanPanel } from './PlanPanel'
import { EDITS, FILES } from './ScenariosScreen'
import { TextsPanel } from './TextsPanel'
import { TrialDialog } from './TrialDialog'
import { useEditor } from './useEditor'

export function EditorScreen() {
  const { tenant, scenario } = useParams({ from: '/t/$tenant/scenarios/$scenario' })
  return <Found key={scenario} tenant={tenant} slug={scenario} />
}

/** One scenario: found, or begun; and whatever was typed into it here before. */
function Found({ tenant, slug }: { tenant: string; slug: string }) {
  const { w } = useWords()
  const search = useSearch({ from: '/t/$tenant/scenarios/$scenario' })
  const me = useMe()
  const [before] = useState(() => kept.read(me.name, tenant, slug))
  // What is begun is not asked for: there is nothing yet, and saving says so if there is.
  const [fresh] = useState(search.fresh === true)
  const stored = useQuery({ ...scenarioQueries.stored(tenant, slug), enabled: !fresh })
  const model = useQuery({ ...scenarioQueries.stored(tenant, search.from ?? ''), enabled: fresh && search.from !== undefined && !before })
  const known = useQuery(queries.tenant(tenant))

  if (stored.isError || model.isError)
    return <TroubleNotice trouble={stored.error ?? model.error} retry={() => void (fresh ? model : stored).refetch()} />
  if ((!fresh && stored.isPending) || (fresh && search.from && !before && model.isPending) || !known.data) return <p className="quiet">{w.loading}</p>
  if (!fresh && stored.data === null && !before)
    return (
      <Notice tone="warn" title={w.trouble.gone.what}>
        <p>{w.trouble.gone.cure}</p>
        <Link to="/t/$tenant/scenarios" params={{ tenant }}>
          {w.scenarios.title}
        </Link>
      </Notice>
    )
  const begun: Draft = model.data ? { ...structuredClone(model.data.draft), name: search.name ?? model.data.draft.name } : blank(search.name ?? slug, known.data.language)
  const start = before
    ? { base: before.base, version: before.version, draft: before.draft }
    : stored.data
      ? { base: stored.data.draft, version: stored.data.version, draft: stored.data.draft }
      : { base: null, version: 0, draft: begun }
  return <Editing tenant={tenant} slug={slug} start={start} restored={before?.at} newest={stored.data?.version} />
}

/** Where a field that something is wrong with is edited. */
const tabOf = (field: string): string => {
  const channel = /^messages\.[^.]+\.([^.]+)/.exec(field)?.[1]
  if (channel) return channel
  return /^(question|call)\b/.test(field) ? 'answers' : 'plan'
}

/** @param newest the version stored when the page was opened, if it was asked for */
function Editing({
  tenant,
  slug,
  start,
  restored,
  newest,
}: {
  tenant: string
  slug: string
  start: Parameters<typeof useEditor>[3]
  restored: string | undefined
  newest: number | undefined
}) {
  const { w, f } = useWords()
  const me = useMe()
  const mayEdit = useMay(...EDITS)
  const mayTry = useMay('tenant-admin', 'activator', 'agency-admin')
  const editor = useEditor(tenant, slug, me.name, start, mayEdit)
  const [tab, setTab] = useState('plan')
  const [trying, setTrying] = useState(false)
  const [told, setTold] = useState(restored !== undefined)
  const page = useRef<HTMLDivElement>(null)
  const channels = channelsOf(editor.draft)
  const tabs = ['plan', 'answers', ...channels]
  const problems = [...(editor.check?.problems ?? []), ...(editor.check?.launch?.problems ?? [])]
  useTitle(editor.draft.name || w.scenarios.title)

  const navigate = useNavigate()
  const saved = editor.version > 0
  const versions = useQuery({ ...scenarioQueries.versions(tenant, slug), enabled: mayEdit && start.version > 0, staleTime: 60_000 })
  // What a file names is the file's when it is read again: whoever edits here must know.
  const ofFiles = versions.data?.items.some((each) => each.savedBy === FILES)
  useEffect(() => {
    // What was begun is there now: a reload finds it, and begins nothing.
    if (saved) void navigate({ to: '/t/$tenant/scenarios/$scenario', params: { tenant, scenario: slug }, search: {}, replace: true, resetScroll: false })
  }, [saved, navigate, tenant, slug])
  const drop = () => {
    editor.drop()
    setTold(false)
    if (!saved) void navigate({ to: '/t/$tenant/scenarios', params: { tenant } })
  }

  const goTo = (field: string) => {
    const to = tabOf(field)
    setTab(tabs.includes(to) ? to : 'plan')
    // The panel is drawn first; then whoever came here by keyboard is where the fault is.
    requestAnimationFrame(() => requestAnimationFrame(() => page.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()))
  }

  return (
    <div className="editor" ref={page}>
      <header className="editor-head">
        <div>
          <Link to="/t/$tenant/scenarios" params={{ tenant }} className="editor-back">
            {w.scenarios.title}
          </Link>
          <h1>{editor.draft.name || w.scenarios.unnamed}</h1>
          <p className="quiet">{editor.version === 0 ? w.scenarios.notYet : w.scenarios.versionNow(editor.version)}</p>
        </div>
        {editor.version > 0 && (
          <div className="editor-ways">
            {mayTry && (
              <Button onPress={() => setTrying(true)} isDisabled={editor.dirty}>
                {w.scenarios.tryOnMe}
              </Button>
            )}
            <Link to="/t/$tenant/scenarios/$scenario/versions" params={{ tenant, scenario: slug }} className="button button-plain button-usual">
              {w.scenarios.versions}
            </Link>
            {mayEdit && <Withdraw tenant={tenant} slug={slug} name={editor.draft.name} />}
          </div>
        )}
      </header>
      {!mayEdit && (
        <Notice tone="plain" title={w.scenarios.readOnly}>
          <p>{w.scenarios.readOnlyCure}</p>
        </Notice>
      )}
      {mayEdit && ofFiles && (
        <Notice tone="plain" title={w.scenarios.ofFiles}>
          <p>{w.scenarios.ofFilesCure}</p>
        </Notice>
      )}
      {told && restored && editor.dirty && (
        <Notice tone="plain" title={w.scenarios.restored(f.ago(restored))} live>
          <p>{newest !== undefined && newest > start.version ? w.scenarios.restoredBehind(newest) : w.scenarios.restoredCure}</p>
          <div className="editor-restored">
            <Button size="small" onPress={() => setTold(false)}>
              {w.scenarios.goOn}
            </Button>
            <Button size="small" kind="danger" onPress={drop}>
              {w.scenarios.throwAway}
            </Button>
          </div>
        </Notice>
      )}
      <Tabs selectedKey={tabs.includes(tab) ? tab : 'plan'} onSelectionChange={(key) => setTab(String(key))} className="editor-tabs">
        <TabList aria-label={w.scenarios.parts} className="editor-tab-list">
          {tabs.map((each) => {
            const wrong = problems.filter(({ field }) => tabOf(field) === each).length
            return (
              <Tab key={each} id={each} className="editor-tab">
                {each === 'plan' || each === 'answers' ? null : <ChannelIcon channel={each} size={18} />}
                <span>{each === 'plan' ? w.scenarios.plan : each === 'answers' ? w.scenarios.answers : (w.channel[each] ?? each)}</span>
                {wrong > 0 && (
                  <span className="editor-tab-wrong">
                    {wrong}
                    <span className="unseen"> {w.scenarios.points(wrong)}</span>
                  </span>
                )}
              </Tab>
            )
          })}
        </TabList>
        <Locked value={!mayEdit}>
          <div className="editor-panels">
          <TabPanel id="plan" className="editor-panel">
            <PlanPanel tenant={tenant} editor={editor} mayEdit={mayEdit} />
          </TabPanel>
          <TabPanel id="answers" className="editor-panel">
            <AnswersPanel editor={editor} />
          </TabPanel>
          {channels.map((channel) => (
            <TabPanel key={channel} id={channel} className="editor-panel">
              <TextsPanel tenant={tenant} channel={channel} editor={editor} mayEdit={mayEdit} />
            </TabPanel>
          ))}
          </div>
        </Locked>
      </Tabs>
      {mayEdit && <EditorBar editor={editor} goTo={goTo} drop={drop} />}
      {editor.conflict && <ConflictDialog editor={editor} tenant={tenant} slug={slug} />}
      {trying && <TrialDialog tenant={tenant} slug={slug} draft={editor.draft} onClose={() => setTrying(false)} />}
    </div>
  )
}

/** Out of use, not out of the world: its versions stay, and a scenario of the same name takes it up again. */
function Withdraw({ tenant, slug, name }: { tenant: string; slug: string; name: string }) {
  const { w } = useWords()
  const client = useQueryClient()
  const navigate = useNavigate()
  const me = useMe()
  const [asking, setAsking] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const go = async () => {
    try {
      await withdraw(tenant, slug)
      kept.forget(me.name, tenant, slug)
      await client.invalidateQueries({ queryKey: [tenant, 'scenarios'] })
      await navigate({ to: '/t/$tenant/scenarios', params: { tenant } })
    } catch (failure) {
      setTrouble(failure)
    }
  }
  return (
    <>
      <Button kind="quiet" onPress={() => setAsking(true)}>
        {w.scenarios.withdraw}
      </Button>
      <Ask open={asking} onClose={() => setAsking(false)} title={w.scenarios.withdrawTitle(name)} role="alertdialog">
        <p>{w.scenarios.withdrawText}</p>
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        <div className="dialog-buttons">
          <Button onPress={() => setAsking(false)} autoFocus>
            {w.scenarios.cancel}
          </Button>
          <Button kind="danger" onPress={() => void go()}>
            {w.scenarios.withdraw}
          </Button>
        </div>
      </Ask>
    </>
  )
}
