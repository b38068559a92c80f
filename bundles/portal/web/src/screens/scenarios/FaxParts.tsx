import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { dropDocument, keepDocument, scenarioQueries } from '../../api/scenarios'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { TroubleNotice } from '../../ui/notice'
import { UploadBar, UploadTrouble, useUpload } from '../../ui/upload'
import { placesIn, slugOf } from './draft'

const DOCUMENT = /\s*\{\{\s*document\.[^}]*\}\}/g

/** The one document that a fax may print after its text. */
export function FaxParts({ tenant, text, mayEdit, onChange }: { tenant: string; text: string; mayEdit: boolean; onChange: (text: string) => void }) {
  const { w, f } = useWords()
  const client = useQueryClient()
  const documents = useQuery(scenarioQueries.documents(tenant))
  const file = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const sending = useUpload()
  /** Kept while it is on its way, and after that failed: it need not be chosen again. */
  const [chosen, setChosen] = useState<File>()
  const [trouble, setTrouble] = useState<unknown>()
  const used = placesIn(text).find((place) => place.startsWith('document.'))?.slice(9)
  const put = (slug: string | undefined) => onChange(text.replace(DOCUMENT, '').trimEnd() + (slug ? `\n{{document.${slug}}}` : ''))
  const act = async (what: () => Promise<unknown>) => {
    setTrouble(undefined)
    setBusy(true)
    try {
      await what()
      await client.invalidateQueries({ queryKey: [tenant, 'documents'] })
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  const bring = (pdf: File) => {
    const name = pdf.name.replace(/\.pdf$/i, '')
    const slug = slugOf(name).slice(0, 52).replace(/-+$/, '') || 'document'
    setChosen(pdf)
    void act(async () => {
      await sending.run((watch) => keepDocument(tenant, slug, name.slice(0, 200) || slug, pdf, watch))
      setChosen(undefined)
      put(slug)
    })
  }
  return (
    <div className="fax">
      <h3>{w.scenarios.documents}</h3>
      {trouble !== undefined && (chosen ? <UploadTrouble trouble={trouble} retry={() => bring(chosen)} /> : <TroubleNotice trouble={trouble} />)}
      <ul className="rows">
        {(documents.data?.items ?? []).map((document) => (
          <li key={document.slug} className="row">
            <span className="row-main">
              <span className="row-title">{document.name}</span>
              <span className="row-hint figures">
                {`{{document.${document.slug}}}`} · {w.scenarios.pages(f.n(document.pages))}
              </span>
            </span>
            {mayEdit && (
              <span className="row-buttons">
                <Button size="small" onPress={() => put(document.slug === used ? undefined : document.slug)} aria-pressed={document.slug === used} aria-label={`${document.slug === used ? w.scenarios.printed : w.scenarios.print} : ${document.name}`}>
                  {document.slug === used ? w.scenarios.printed : w.scenarios.print}
                </Button>
                <Button
                  size="small"
                  kind="quiet"
                  onPress={() => {
                    setChosen(undefined)
                    void act(() => dropDocument(tenant, document.slug))
                  }}
                  aria-label={`${w.scenarios.remove} : ${document.name}`}>
                  {w.scenarios.remove}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {documents.data?.items.length === 0 && <p className="quiet">{w.scenarios.noDocument}</p>}
      {mayEdit && (
        <div className="voice-hear">
          <Button onPress={() => file.current?.click()} isDisabled={busy}>
            {busy ? w.scenarios.bringing : w.scenarios.bringPdf}
          </Button>
          <span className="quiet">{w.scenarios.pdfHint}</span>
          <input
            ref={file}
            type="file"
            accept=".pdf,application/pdf"
            hidden
            onChange={(event) => {
              const [pdf] = event.target.files ?? []
              event.target.value = ''
              if (pdf) bring(pdf)
            }}
          />
        </div>
      )}
      {chosen && <UploadBar name={chosen.name} progress={sending.progress} onStop={sending.stop} />}
    </div>
  )
}
