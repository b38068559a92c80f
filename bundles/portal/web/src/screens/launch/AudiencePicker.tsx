import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../../api/queries'
import { useWords } from '../../i18n'
import { Ask, Button } from '../../ui/controls'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Box } from '../../ui/pick'
import { Plain } from '../../ui/plain'

/** Which lists are alerted: the scenario's, unless this launch says otherwise. */
export function AudiencePicker({
  tenant,
  own,
  chosen,
  onChange,
}: {
  tenant: string
  own: readonly string[]
  /** Instead of the scenario's; undefined: as the scenario says. */
  chosen: readonly string[] | undefined
  onChange: (lists: string[] | undefined) => void
}) {
  const { w } = useWords()
  const [open, setOpen] = useState(false)
  const lists = useQuery(queries.lists(tenant))
  const items = lists.data?.items ?? []
  const now = chosen ?? own
  const nameOf = (slug: string) => items.find((list) => list.slug === slug)?.name ?? (lists.data ? w.audience.gone(slug) : slug)
  const toggle = (slug: string, on: boolean) => onChange(on ? [...now, slug] : now.filter((each) => each !== slug))
  return (
    <section className="panel audience" aria-labelledby="launch-audience">
      <div className="audience-words">
        <h2 id="launch-audience">{w.audience.title}</h2>
        <p>
          {now.map((slug, index) => (
            <span key={slug}>
              {index > 0 && ', '}
              <Plain>{nameOf(slug)}</Plain>
            </span>
          ))}
        </p>
        <p className="quiet">{chosen ? w.audience.changed : w.audience.own}</p>
      </div>
      <div className="audience-buttons">
        {chosen && (
          <Button kind="quiet" size="small" onPress={() => onChange(undefined)}>
            {w.audience.keep}
          </Button>
        )}
        <Button size="small" onPress={() => setOpen(true)}>
          {w.audience.change}
        </Button>
      </div>
      <Ask open={open} onClose={() => setOpen(false)} title={w.audience.title}>
        <p className="quiet">{w.audience.hint}</p>
        {lists.isError && <TroubleNotice trouble={lists.error} retry={() => void lists.refetch()} />}
        {now.length === 0 && <Notice tone="warn" title={w.audience.none} live />}
        <div className="boxes">
          {[...items.map((list) => list.slug), ...own.filter((slug) => lists.data && !items.some((list) => list.slug === slug))].map((slug) => (
            <Box key={slug} label={nameOf(slug)} value={now.includes(slug)} onChange={(on) => toggle(slug, on)} />
          ))}
        </div>
        <div className="dialog-buttons">
          <Button kind="primary" onPress={() => setOpen(false)} autoFocus>
            {w.audience.done}
          </Button>
        </div>
      </Ask>
    </section>
  )
}
