import { useQuery } from '@tanstack/react-query'
import { directory, type HeadCount, type ListEdit } from '../../api/contacts'
import { queries } from '../../api/queries'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Share } from '../../ui/bars'
import { Chips } from '../../ui/chips'
import { Cross } from '../../ui/icons'
import { Announce, Notice, TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { Select } from '../../ui/select'
import { useSettled } from '../launch/settled'
import { EndpointSign } from '../contacts/names'
import { AreaEditor } from './AreaEditor'
import { listEditOf, type ListDraft } from './draft'

/** Who is in a list, by rules; and how many that is, while it is written. */
export function Definition({
  tenant,
  draft,
  onChange,
  tried,
  mayEdit,
  slug,
}: {
  tenant: string
  draft: ListDraft
  onChange: (draft: ListDraft) => void
  tried: boolean
  mayEdit: boolean
  slug?: string
}) {
  const { w } = useWords()
  const tags = useQuery({ ...directory.tags(tenant), enabled: mayEdit })
  const lists = useQuery(queries.lists(tenant))
  const suggestions = tags.data?.items.map(({ tag }) => tag) ?? []
  const isBare = draft.allTags.length + draft.anyTags.length + draft.noneTags.length === 0
  return (
    <div className="list-columns">
      <section className="panel" aria-labelledby="list-who">
        <h2 id="list-who">{w.lists.who}</h2>
        {draft.kind === 'area' && <AreaEditor tenant={tenant} area={draft.area} onChange={(area) => onChange({ ...draft, area })} tried={tried} mayEdit={mayEdit} />}
        {draft.kind === 'tags' || draft.kind === 'area' ? (
          <>
            {draft.kind === 'area' && (mayEdit || !isBare) && <h3>{w.lists.areaTags}</h3>}
            {(['allTags', 'anyTags', 'noneTags'] as const).map((field) => (
              <Chips
                key={field}
                label={w.lists[field]}
                value={draft[field]}
                onChange={(value) => onChange({ ...draft, [field]: value })}
                suggestions={suggestions}
                removeWord={w.contacts.tagOut}
                isReadOnly={!mayEdit}
              />
            ))}
            {isBare && draft.kind === 'tags' && <Notice tone="plain" title={w.lists.tagsNone} />}
          </>
        ) : (
          (['includes', 'excludes'] as const).map((field) => {
            const others = (lists.data?.items ?? []).filter((list) => list.slug !== slug && !draft.includes.includes(list.slug) && !draft.excludes.includes(list.slug))
            const label = field === 'includes' ? w.lists.included : w.lists.excluded
            return (
              <div key={field} className="picker" role="group" aria-label={label}>
                <h3>{label}</h3>
                {draft[field].length > 0 && (
                  <div className="chips">
                    {draft[field].map((each) => {
                      const name = lists.data?.items.find((list) => list.slug === each)?.name ?? each
                      return (
                        <span key={each} className="chip">
                          <Plain>{name}</Plain>
                          {mayEdit && (
                            <button
                              type="button"
                              className="chip-out"
                              aria-label={w.lists.out(name)}
                              onClick={() => onChange({ ...draft, [field]: draft[field].filter((other) => other !== each) })}
                            >
                              <Cross size={14} />
                            </button>
                          )}
                        </span>
                      )
                    })}
                  </div>
                )}
                {mayEdit && (
                  <Select
                    label={field === 'includes' ? w.lists.addIncluded : w.lists.addExcluded}
                    value=""
                    onChange={(chosen) => chosen && onChange({ ...draft, [field]: [...draft[field], chosen] })}
                    options={[{ value: '', text: w.lists.pick }, ...others.map(({ slug: value, name }) => ({ value, text: name }))]}
                  />
                )}
                {field === 'includes' && tried && draft.includes.length === 0 && <p className="field-error">{w.lists.includedMissing}</p>}
              </div>
            )
          })
        )}
      </section>
      <DraftCount tenant={tenant} draft={draft} />
    </div>
  )
}

/** Whether there is anything to count yet. */
const isWhole = (edit: ListEdit) => (edit.kind === 'nested' ? (edit.includes ?? []).length > 0 : edit.kind !== 'area' || edit.area !== undefined)

function DraftCount({ tenant, draft }: { tenant: string; draft: ListDraft }) {
  const may = useMay('tenant-admin', 'activator', 'approver', 'supervisor', 'agency-admin')
  const edit = listEditOf({ ...draft, name: 'x' })
  const key = JSON.stringify(edit)
  const settled = useSettled(key, 400)
  const count = useQuery({
    ...directory.draftCount(tenant, JSON.parse(settled) as typeof edit),
    enabled: may && isWhole(JSON.parse(settled) as typeof edit),
  })
  if (!may || !isWhole(edit)) return null
  if (count.isError) return <TroubleNotice trouble={count.error} retry={() => void count.refetch()} />
  return <Count count={count.data} stale={settled !== key || count.isPlaceholderData || count.isPending} />
}

/** How many a saved list holds. */
export function Head({ tenant, list }: { tenant: string; list: string }) {
  const may = useMay('tenant-admin', 'activator', 'approver', 'supervisor', 'agency-admin')
  const count = useQuery({ ...directory.headCount(tenant, list), enabled: may })
  if (!may) return null
  if (count.isError) return <TroubleNotice trouble={count.error} retry={() => void count.refetch()} />
  return <Count count={count.data} stale={count.isFetching} />
}

function Count({ count, stale }: { count: HeadCount | undefined; stale: boolean }) {
  const { w, f } = useWords()
  return (
    <section className="panel head-count" aria-labelledby="list-count" aria-busy={stale}>
      <h2 id="list-count">{w.lists.count}</h2>
      {count && (
        <>
          <p className="figure figures">
            {f.n(count.people)} <span>{w.lists.people('', count.people).trim()}</span>
          </p>
          {count.people === 0 && !stale && <Notice tone="warn" title={w.lists.empty} />}
          {(count.withoutPlace ?? 0) > 0 && <p className="quiet without-place">{w.lists.withoutPlace(f.n(count.withoutPlace ?? 0), count.withoutPlace ?? 0)}</p>}
          {count.people > 0 && (
            <>
              <h3>{w.lists.byKind}</h3>
              <ul className="rows">
                {Object.entries(count.byEndpointKind)
                  .sort(([, a], [, b]) => b - a)
                  .map(([kind, people]) => (
                    <li key={kind} className="row reach-row">
                      <EndpointSign kind={kind} size={20} />
                      <span className="row-main">{w.contacts.kind[kind] ?? kind}</span>
                      <Share value={people} of={count.people} />
                      <span className="figures reach-figure">{w.launch.reachOf(f.n(people), f.percent(people / count.people))}</span>
                    </li>
                  ))}
              </ul>
            </>
          )}
          {!stale && (
            <Announce>
              {w.lists.people(f.n(count.people), count.people)}
              {(count.withoutPlace ?? 0) > 0 && `. ${w.lists.withoutPlace(f.n(count.withoutPlace ?? 0), count.withoutPlace ?? 0)}`}
            </Announce>
          )}
        </>
      )}
      {stale && (
        <p className="quiet" role="status">
          {w.lists.countStale}
        </p>
      )}
    </section>
  )
}
