import { useState } from 'react'
import { useWords } from '../../i18n'
import { Ask, Button } from '../../ui/controls'
import { Notice } from '../../ui/notice'

/** A secret that is shown once, and gone with the dialog: in no cache, no address, no storage. */
export function Once({ title, label, text, secret, hint, onClose }: { title: string; label: string; text?: string | undefined; secret: string; hint?: string | undefined; onClose: () => void }) {
  const { w } = useWords()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret)
      setCopied(true)
    } catch {
      // Without a secure context there is no clipboard; the text can be chosen by hand.
      setCopied(false)
    }
  }
  return (
    <Ask open onClose={onClose} title={title} keepOpen>
      {text && <p>{text}</p>}
      <dl className="once">
        <dt>{label}</dt>
        <dd>
          <output className="once-secret">{secret}</output>
        </dd>
      </dl>
      <Notice tone="warn" title={w.admin.once}>
        {hint && <p>{hint}</p>}
      </Notice>
      <div className="dialog-buttons">
        {navigator.clipboard && <Button onPress={() => void copy()}>{copied ? w.admin.copied : w.admin.copy}</Button>}
        <Button kind="primary" onPress={onClose}>
          {w.admin.onceClose}
        </Button>
      </div>
    </Ask>
  )
}
