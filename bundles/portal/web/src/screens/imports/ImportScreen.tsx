import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { directory, imports, type Inspection, type Plan } from '../../api/contacts'
import { queries } from '../../api/queries'
import { Trouble } from '../../api/trouble'
import { CutShort } from '../../api/upload'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Button, Field } from '../../ui/controls'
import { Chips } from '../../ui/chips'
import { useTitle } from '../../ui/mode'
import { Notice } from '../../ui/notice'
import { Seen } from '../../ui/seen'
import { Select, Tick } from '../../ui/select'
import { UploadBar, UploadTrouble, useUpload } from '../../ui/upload'
import { languageName } from '../contacts/PersonForm'
import { Sections } from '../contacts/Sections'
import { draftStore, tried, type ImportDraft } from './draft'
import { FilePick } from './FilePick'
import { MappingTable } from './MappingTable'
import { faultOf, proposed, remembered, type Mapping } from './mapping'
import { Stepper } from './Stepper'

const LANGUAGES = ['fr', 'en', 'de', 'es', 'it', 'pt', 'nl', 'ar', 'tr', 'uk', 'ru', 'zh']

/** A file, and what its columns mean; then it is tried. What is said here stays said while this window lives. */
export function ImportScreen() {
  const { w, f } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const may = useMay('tenant-admin', 'agency-admin')
  const client = useQueryClient()
  const limits = useQuery({ ...imports.limits(tenant), enabled: may })
  const known = useQuery(queries.tenant(tenant))
  const [draft, setDraft] = useState<ImportDraft | undefined>(() => draftStore.get(tenant))
  const [reading, setReading] = useState<File>()
  const [unread, setUnread] = useState<File>()
  const sending = useUpload()
  const [trouble, setTrouble] = useState<unknown>()
  const [again, setAgain] = useState<{ when: string; guess: Mapping }>()
  useTitle(w.imports.title)

  const keep = (next: ImportDraft) => {
    draftStore.set(tenant, next)
    setDraft(next)
  }

  const read = async (file: File) => {
    setReading(file)
    setUnread(undefined)
    setTrouble(undefined)
    try {
      const [inspection, runs] = await Promise.all([sending.run((watch) => imports.inspect(tenant, file, watch)), client.fetchQuery({ ...imports.latest(tenant), staleTime: 0 })])
      const before = remembered(inspection, runs.items)
      const guess = proposed(inspection)
      // A corrected file keeps what was said of the one before it.
      const said = draft && sameColumns(draft.inspection, inspection) ? draft.plan.mapping : undefined
      setAgain(!said && before ? { when: f.ago(before.startedAt), guess } : undefined)
      keep({
        file,
        inspection,
        plan: {
          removeMissing: false,
          legalBasis: w.contacts.legalBasisUsual,
          language: known.data?.language ?? 'fr',
          tags: [],
          ...draft?.plan,
          source: (said && draft?.plan.source) || before?.source || sourceOf(file.name),
          mapping: said ?? before?.mapping ?? guess,
        },
      })
    } catch (failure) {
      setTrouble(failure)
      setUnread(file)
    } finally {
      setReading(undefined)
    }
  }

  return (
    <div className="room">
      <Sections tenant={tenant} title={w.imports.title} />
      <Stepper at={draft ? 1 : 0} />
      {!may ? (
        <Notice tone="warn" title={w.imports.mayNot} />
      ) : (
        <>
          {trouble !== undefined && <UploadTrouble trouble={trouble} retry={() => unread && void read(unread)} />}
          {reading && !sending.progress && (
            <p className="waiting" role="status">
              {w.imports.reading(reading.name)}
            </p>
          )}
          {reading && <UploadBar name={reading.name} progress={sending.progress} onStop={sending.stop} />}
          {draft ? (
            <Columns
              key={draft.file.name + draft.file.lastModified}
              tenant={tenant}
              draft={draft}
              again={again}
              onPlan={(plan) => keep({ ...draft, plan })}
              onOther={() => {
                setTrouble(undefined)
                setDraft(undefined)
              }}
            />
          ) : (
            <FilePick limit={limits.data?.maxFileBytes} busy={reading !== undefined} onFile={(file) => void read(file)} />
          )}
        </>
      )}
    </div>
  )
}

const sameColumns = (a: Inspection, b: Inspection) => [...a.columns].sort().join('\n') === [...b.columns].sort().join('\n')

/** `Habitants 2026 (v2).csv` comes from `habitants`: dates and versions change, the source does not. */
export const sourceOf = (fileName: string): string =>
  fileName
    .replace(/\.[^.]*$/, '')
    .replace(/[\d_().-]+/g, ' ')
    .trim()
    .toLowerCase()
    .slice(0, 60)

function Columns({
  tenant,
  draft,
  again,
  onPlan,
  onOther,
}: {
  tenant: string
  draft: ImportDraft
  again: { when: string; guess: Mapping } | undefined
  onPlan: (plan: Plan) => void
  onOther: () => void
}) {
  const { w, f } = useWords()
  const { inspection, plan, file } = draft
  const navigate = useNavigate()
  const tags = useQuery(directory.tags(tenant))
  const [guessed, setGuessed] = useState(false)
  const [busy, setBusy] = useState(false)
  const sending = useUpload()
  const [trouble, setTrouble] = useState<unknown>()
  const [asked, setAsked] = useState(false)
  const set = <K extends keyof Plan>(key: K) => (value: Plan[K]) => onPlan({ ...plan, [key]: value })
  const fault = faultOf(plan.mapping)
  const blocked = fault !== undefined || !plan.source.trim() || !plan.legalBasis.trim()

  const go = async () => {
    setAsked(true)
    if (blocked || busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      const run = await sending.run((watch) => imports.start(tenant, file, plan, true, watch))
      tried.keep(tenant, run.id, { plan, name: file.name, size: file.size })
      draftStore.set(tenant, { ...draft, run: run.id })
      await navigate({ to: '/t/$tenant/contacts/imports/$run', params: { tenant, run: run.id } })
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }

  return (
    <>
      <section className="panel file-facts" aria-label={w.imports.file}>
        <dl>
          <div>
            <dt>{w.imports.file}</dt>
            <dd>
              <bdi>{file.name}</bdi> <span className="quiet figures">{w.imports.size(file.size)}</span>
            </dd>
          </div>
          <div>
            <dt>{w.imports.format[inspection.format] ?? inspection.format}</dt>
            <dd>{w.imports.columnsFound(inspection.columns.length)}</dd>
          </div>
          {inspection.encoding && (
            <div>
              <dt>{w.imports.encoding}</dt>
              <dd>{inspection.encoding}</dd>
            </div>
          )}
          {inspection.separator && (
            <div>
              <dt>{w.imports.separator}</dt>
              <dd>{w.imports.separators[inspection.separator] ?? inspection.separator}</dd>
            </div>
          )}
        </dl>
        <Button size="small" onPress={onOther} isDisabled={busy}>
          {w.imports.chooseOther}
        </Button>
      </section>
      <section className="panel" aria-labelledby="import-mapping">
        <h2 id="import-mapping">{w.imports.mapping}</h2>
        {again && !guessed ? (
          <Notice tone="good" title={w.imports.remembered(again.when)}>
            <Button
              size="small"
              onPress={() => {
                setGuessed(true)
                set('mapping')(again.guess)
              }}
            >
              {w.imports.guessInstead}
            </Button>
          </Notice>
        ) : (
          <p className="quiet">{w.imports.mappingLead}</p>
        )}
        <MappingTable inspection={inspection} mapping={plan.mapping} onChange={set('mapping')} />
        {fault && <Notice tone="bad" live title={fault.kind === 'twice' ? w.imports.twice(w.imports.field[fault.field] ?? fault.field) : w.imports[fault.kind]} />}
      </section>
      <section className="panel" aria-labelledby="import-settings">
        <h2 id="import-settings">{w.imports.settings}</h2>
        <div className="fields">
          <Field
            label={w.imports.source}
            hint={w.imports.sourceHint}
            value={plan.source}
            onChange={set('source')}
            maxLength={100}
            error={asked && !plan.source.trim() ? w.imports.sourceMissing : undefined}
          />
          <Field
            label={w.contacts.legalBasis}
            hint={w.contacts.legalBasisHint}
            value={plan.legalBasis}
            onChange={set('legalBasis')}
            maxLength={200}
            error={asked && !plan.legalBasis.trim() ? w.contacts.legalBasisMissing : undefined}
          />
          <Chips
            label={w.imports.tagsForAll}
            hint={w.contacts.tagsHint}
            value={plan.tags}
            onChange={set('tags')}
            suggestions={tags.data?.items.map(({ tag }) => tag) ?? []}
            removeWord={w.contacts.tagOut}
          />
          <Select
            label={w.imports.language}
            value={plan.language}
            onChange={set('language')}
            options={[...new Set([...LANGUAGES, plan.language])].map((code) => ({ value: code, text: languageName(code, w.locale) }))}
          />
        </div>
        <Tick label={w.imports.removeMissing} hint={w.imports.removeMissingHint} value={plan.removeMissing} onChange={set('removeMissing')} />
        {plan.removeMissing && (
          <Tick
            label={w.imports.allowMany(f.percent(0.5))}
            value={plan.maxRemovedPercent === 100}
            onChange={(all) => onPlan({ ...plan, maxRemovedPercent: all ? 100 : undefined })}
          />
        )}
      </section>
      {trouble !== undefined && <Sending trouble={trouble} retry={() => void go()} />}
      <UploadBar name={file.name} progress={sending.progress} onStop={sending.stop} />
      <div className="save-bar">
        <Button kind="primary" onPress={() => void go()} isDisabled={busy || fault !== undefined}>
          {busy ? w.imports.sending(w.imports.size(file.size)) : w.imports.try}
        </Button>
      </div>
    </>
  )
}

/** A file that was sent without an answer may have arrived; sent again, it makes nobody twice. */
export function Sending({ trouble, retry }: { trouble: unknown; retry: () => void }) {
  const { w } = useWords()
  return trouble instanceof Trouble && trouble.passes && !(trouble instanceof CutShort) ? (
    <Seen>
      <Notice tone="bad" title={w.imports.unsure} live>
        <p>{w.imports.unsureCure}</p>
        <Button size="small" onPress={retry}>
          {w.retry}
        </Button>
      </Notice>
    </Seen>
  ) : (
    <Seen>
      <UploadTrouble trouble={trouble} retry={retry} />
    </Seen>
  )
}
