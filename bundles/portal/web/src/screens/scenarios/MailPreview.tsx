import { useMemo } from 'react'
import { useWords } from '../../i18n'
import type { Fault } from '../../ui/form'
import { TextBox } from '../../ui/text'
import { filled, type Message } from './draft'
import { bodyOf } from './mail'
import { stretchesOf } from './stretches'
import type { Editor } from './useEditor'

/** The mail as it comes to somebody: subject, then what their program shows. */
export function MailPreview({
  message,
  language,
  editor,
  sample,
  onHtml,
  faults,
}: {
  message: Message
  language: string
  editor: Editor
  sample: string | undefined
  onHtml: ((html: string) => void) | undefined
  faults: Fault[]
}) {
  const { w } = useWords()
  const html = message.html ?? ''
  const shown = useMemo(() => (html.trim() ? bodyOf(filled(html, editor.draft)) : undefined), [html, editor.draft])
  return (
    <>
      <details className="mail-html" open={html.trim() !== '' || undefined}>
        <summary>{w.scenarios.html}</summary>
        <TextBox
          label={w.scenarios.htmlLabel}
          hint={w.scenarios.htmlHint}
          value={html}
          lines={6}
          isDisabled={!onHtml}
          stretches={stretchesOf(html, editor.draft, false)}
          onChange={(typed) => onHtml?.(typed)}
          faults={faults}
        />
      </details>
      <figure className="mail">
        <figcaption>{w.scenarios.asReceived}</figcaption>
        <p className="mail-subject" lang={language} dir="auto">
          {filled(message.subject ?? '', editor.draft) || w.scenarios.noSubject}
        </p>
        {shown !== undefined ? (
          <div className="mail-body mail-body-html" lang={language} dir="auto">
            {shown}
          </div>
        ) : (
          <div className="mail-body" lang={language} dir="auto">
            {sample ?? filled(message.text, editor.draft)}
          </div>
        )}
        {shown !== undefined && <p className="quiet">{w.scenarios.htmlShown}</p>}
      </figure>
    </>
  )
}
