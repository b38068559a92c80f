import { useState } from 'react'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { filled } from './draft'
import { count, gsmSafe, safeFor } from './sms'
import type { Editor } from './useEditor'

/** What {{answer_url}} takes, roughly: an address and a token of 32 characters. */
const ANSWER_URL = `https://alerte.example.fr/a/${'x'.repeat(32)}`

/** How many SMS one person is sent, what makes them more, and the cure in one press. */
export function SmsCounter({ text, editor, mayEdit, onChange }: { text: string; editor: Editor; mayEdit: boolean; onChange: (text: string) => void }) {
  const { w, f } = useWords()
  const [undo, setUndo] = useState<{ before: string; after: string }>()
  const counted = count(filled(text, editor.draft, { answer_url: ANSWER_URL }))
  const own = count(text).foreign
  const cost = editor.check?.launch?.costs.sms
  return (
    <div className="sms-count">
      <p className="sms-count-figures figures" role="status">
        <strong>{w.scenarios.smsParts(counted.parts)}</strong>
        <span>
          {counted.encoding} · {w.scenarios.smsUnits(f.n(counted.units))} · {w.scenarios.smsLeft(f.n(counted.left))}
        </span>
      </p>
      {cost && (cost.parts != null || cost.price != null) && (
        <p className="quiet figures" aria-busy={!editor.checked}>
          {w.scenarios.smsAll(f.n(cost.messages))}{' '}
          {[cost.parts != null ? w.launch.costParts(f.n(cost.parts)) : undefined, cost.price != null && cost.currency ? f.money(cost.price, cost.currency) : undefined]
            .filter(Boolean)
            .join(' · ')}
        </p>
      )}
      {counted.foreign.length > 0 && (
        <div className="sms-foreign">
          <p>{w.scenarios.foreign(counted.foreign.length)}</p>
          <ul className="glyphs">
            {counted.foreign.map((each) => (
              <li key={each} className="glyph">
                <bdi>{each.trim() ? each : '␣'}</bdi>
                <span aria-hidden>→</span>
                <span>{safeFor(each).trim() || (safeFor(each) ? '␣' : w.scenarios.nothing)}</span>
              </li>
            ))}
          </ul>
          {own.length > 0 && mayEdit ? (
            <Button
              size="small"
              onPress={() => {
                const after = gsmSafe(text)
                setUndo({ before: text, after })
                onChange(after)
              }}
            >
              {w.scenarios.makeSafe}
            </Button>
          ) : (
            own.length === 0 && <p className="quiet">{w.scenarios.foreignInValues}</p>
          )}
        </div>
      )}
      {undo && undo.after === text && (
        <p className="sms-undo" role="status">
          {w.scenarios.madeSafe}{' '}
          <button
            type="button"
            className="link-button"
            onClick={() => {
              onChange(undo.before)
              setUndo(undefined)
            }}
          >
            {w.scenarios.undo}
          </button>
        </p>
      )}
    </div>
  )
}
