import { useId, useRef, useState, type ReactNode } from 'react'
import { DropZone, type DropItem } from 'react-aria-components'
import { useWords } from '../../i18n'
import { Tray } from '../../ui/icons'
import { Notice } from '../../ui/notice'

export type Refused = { kind: 'large'; size: number } | { kind: 'empty' }

/** A contact file, dropped or chosen. One that the API would refuse for its size is refused here, before a byte is sent. */
export function FilePick({ limit, busy, label, lead, onFile }: { limit: number | undefined; busy: boolean; label?: string; lead?: ReactNode; onFile: (file: File) => void }) {
  const { w } = useWords()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [refused, setRefused] = useState<Refused>()

  const take = (file: File | undefined) => {
    if (!file || busy) return
    if (file.size === 0) return setRefused({ kind: 'empty' })
    if (limit !== undefined && file.size > limit) return setRefused({ kind: 'large', size: file.size })
    setRefused(undefined)
    onFile(file)
  }
  const drop = async (items: DropItem[]) => {
    const first = items.find((item) => item.kind === 'file')
    if (first) take(await first.getFile())
  }

  return (
    <>
      {refused?.kind === 'large' && limit !== undefined && (
        <Notice tone="bad" title={w.imports.tooLarge(w.imports.size(refused.size), w.imports.size(limit))} live>
          <p>{w.imports.tooLargeCure}</p>
        </Notice>
      )}
      {refused?.kind === 'empty' && (
        <Notice tone="bad" title={w.imports.empty} live>
          <p>{w.imports.emptyCure}</p>
        </Notice>
      )}
      <DropZone className="drop" onDrop={({ items }) => void drop(items)} getDropOperation={() => (busy ? 'cancel' : 'copy')} isDisabled={busy} aria-label={w.imports.drop}>
        <Tray size={40} />
        <p className="drop-word">{w.imports.drop}</p>
        <input
          ref={input}
          id={id}
          type="file"
          className="unseen drop-input"
          accept=".csv,.txt,.tsv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          disabled={busy}
          onChange={(event) => {
            take(event.target.files?.[0])
            // The same file, corrected meanwhile, can be chosen again.
            event.target.value = ''
          }}
        />
        <label htmlFor={id} className="button button-primary button-large">
          {label ?? w.imports.choose}
        </label>
        {limit !== undefined && <p className="quiet">{lead ?? w.imports.dropHint(w.imports.size(limit))}</p>}
      </DropZone>
    </>
  )
}
