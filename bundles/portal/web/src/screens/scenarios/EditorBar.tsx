import { useState } from 'react'
import { Trouble } from '../../api/trouble'
import { useWords } from '../../i18n'
import { Ask, Button } from '../../ui/controls'
import { Check, Clock, Cross, Warning } from '../../ui/icons'
import { TroubleNotice } from '../../ui/notice'
import type { Editor } from './useEditor'

/** What is saved, what is only here, and what would become of it: always in sight, beside the one button that matters. */
export function EditorBar({ editor, goTo, drop }: { editor: Editor; goTo: (field: string) => void; drop: () => void }) {
  const { w, f } = useWords()
  const [dropping, setDropping] = useState(false)
  const { saving, check, checked } = editor
  const unsaveable = check?.problems ?? []
  const unlaunchable = check?.launch?.problems ?? []
  const [first] = [...unsaveable, ...unlaunchable]
  // What was said of an earlier text stays in sight, without its colour, until the present one is looked at.
  const tone = editor.checkTrouble || !check || !checked ? 'plain' : unsaveable.length > 0 ? 'bad' : unlaunchable.length > 0 ? 'warn' : 'good'
  return (
    <section className="editor-bar" aria-label={w.scenarios.saving}>
      {saving.phase === 'refused' && !(saving.trouble instanceof Trouble && saving.trouble.kind === 'refused' && unsaveable.length > 0) && <TroubleNotice trouble={saving.trouble} />}
      {saving.phase === 'waiting' && <TroubleNotice trouble={saving.trouble} retry={editor.save} />}
      <div className="editor-bar-row">
        <div className="editor-bar-text">
          <p className="editor-bar-state" role="status">
            {saving.phase === 'busy'
              ? w.scenarios.busy
              : saving.phase === 'waiting'
                ? w.scenarios.waiting
                : editor.dirty
                  ? editor.keptHere
                    ? w.scenarios.keptHere
                    : w.scenarios.keptNowhere
                  : saving.phase === 'saved'
                    ? w.scenarios.savedNow(saving.version)
                    : w.scenarios.allSaved}
          </p>
          <p className="tone editor-bar-check" data-tone={tone} aria-busy={!checked}>
            {tone === 'good' ? <Check size={16} /> : tone === 'warn' ? <Warning size={16} /> : tone === 'bad' ? <Cross size={16} /> : <Clock size={16} />}
            {first && !editor.checkTrouble ? (
              <button type="button" className="link-button" onClick={() => goTo(first.field)}>
                {unsaveable.length > 0 ? w.scenarios.stopsSaving(unsaveable.length) : w.scenarios.stopsLaunch(unlaunchable.length)}
              </button>
            ) : (
              <span>
                {editor.checkTrouble ? w.scenarios.unchecked : check?.launch ? w.scenarios.wouldReach(f.n(check.launch.people)) : w.home.verdictChecking}
              </span>
            )}
          </p>
        </div>
        <div className="editor-bar-buttons">
          {editor.dirty && (
            <Button kind="quiet" onPress={() => setDropping(true)}>
              {w.scenarios.throwAway}
            </Button>
          )}
          <Button kind="primary" size="large" onPress={editor.save} isDisabled={!editor.dirty || saving.phase === 'busy'}>
            {w.scenarios.save}
          </Button>
        </div>
      </div>
      <Ask open={dropping} onClose={() => setDropping(false)} title={w.scenarios.throwAwayTitle} role="alertdialog">
        <p>{editor.version > 0 ? w.scenarios.throwAwayText(editor.version) : w.scenarios.throwAwayNew}</p>
        <div className="dialog-buttons">
          <Button onPress={() => setDropping(false)} autoFocus>
            {w.scenarios.goOn}
          </Button>
          <Button
            kind="danger"
            onPress={() => {
              setDropping(false)
              drop()
            }}
          >
            {w.scenarios.throwAway}
          </Button>
        </div>
      </Ask>
    </section>
  )
}
