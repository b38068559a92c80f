import { useState } from 'react'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { Line, type Fault } from '../../ui/form'
import { Notice } from '../../ui/notice'
import { TextBox } from '../../ui/text'
import { FaxParts } from './FaxParts'
import { codeOf, isMark, marksIn, withoutControls, withoutMarks } from './hidden'
import { languageName } from '../../ui/languages'
import { kindOf, languagesOf, meantBy, PLACE, placesIn, RESERVED, type Message } from './draft'
import { MailPreview } from './MailPreview'
import { SmsCounter } from './SmsCounter'
import { stretchesOf } from './stretches'
import type { Editor } from './useEditor'
import { VoiceParts } from './VoiceParts'

/** What is written for one channel, in every language, side by side. */
export function TextsPanel({ tenant, channel, editor, mayEdit }: { tenant: string; channel: string; editor: Editor; mayEdit: boolean }) {
  const { w } = useWords()
  const languages = languagesOf(editor.draft)
  const [first, ...others] = languages
  const [chosen, setChosen] = useState(others[0])
  const beside = others.includes(chosen ?? '') ? chosen : others[0]
  const missing = languages.filter((language) => !editor.draft.messages[language]?.[channel]?.text.trim())
  return (
    <>
      {others.length > 1 && (
        <div className="pills" role="group" aria-label={w.scenarios.beside}>
          {others.map((language) => (
            <Button key={language} kind="quiet" size="small" aria-pressed={language === beside} onPress={() => setChosen(language)} className="pill">
              {languageName(language, w.locale)}
              {missing.includes(language) && <span className="pill-count"> · {w.scenarios.untranslated}</span>}
            </Button>
          ))}
        </div>
      )}
      <div className="texts-beside" data-columns={beside ? 2 : 1}>
        {[first, beside].filter((language) => language !== undefined).map((language) => (
          <Written key={language} tenant={tenant} channel={channel} language={language} editor={editor} mayEdit={mayEdit} />
        ))}
      </div>
    </>
  )
}

function Written({ tenant, channel, language, editor, mayEdit }: { tenant: string; channel: string; language: string; editor: Editor; mayEdit: boolean }) {
  const { w } = useWords()
  const { draft, change, faultsAt, check, checked } = editor
  const isFallback = language === draft['fallback-language']
  const there = draft.messages[language]?.[channel]
  const fallback = draft.messages[draft['fallback-language']]?.[channel]
  const [taken, setTaken] = useState(0)
  const at = `messages.${language}.${channel}`
  const name = languageName(language, w.locale)
  const set = (part: Partial<Message>) =>
    change((now) => ({
      ...now,
      messages: {
        ...now.messages,
        [language]: { ...now.messages[language], [channel]: { ...(now.messages[language]?.[channel] ?? { text: '' }), ...part } },
      },
    }))
  const put = (part: 'subject' | 'text' | 'html') => (typed: string) => {
    const { text, controls } = withoutControls(typed)
    setTaken(controls)
    set({ [part]: part === 'subject' ? text.replaceAll('\n', ' ') : text })
  }

  if (!there)
    return (
      <section className="panel written" aria-label={name}>
        <h2>{name}</h2>
        <p className="quiet">{w.scenarios.notWritten(languageName(draft['fallback-language'], w.locale))}</p>
        {mayEdit && (
          <Button onPress={() => set({ text: '', ...(channel === 'mail' ? { subject: '' } : {}) })} aria-label={`${w.scenarios.write} : ${name}`}>
            {w.scenarios.write}
          </Button>
        )}
      </section>
    )

  const foreign = channel === 'sms'
  const empty: Fault[] = there.text.trim() || !isFallback ? [] : [{ text: w.scenarios.textMissing }]
  const marks = marksIn(there.text) + marksIn(there.subject ?? '')
  const sample = checked ? check?.launch?.sampleTexts[`${language}.${channel}`] : undefined
  return (
    <section className="panel written" aria-label={name}>
      <h2>
        {name}
        {isFallback && <span className="written-fallback"> · {w.scenarios.fallback}</span>}
      </h2>
      {taken > 0 && (
        <Notice tone="warn" title={w.scenarios.controls(taken)} live>
          <p>{w.scenarios.controlsWhy}</p>
        </Notice>
      )}
      {marks > 0 && (
        <Notice tone="warn" title={w.scenarios.marks(marks)}>
          <p>
            {w.scenarios.marksWhy} <code>{[...new Set([...there.text, ...(there.subject ?? '')].filter(isMark).map(codeOf))].join(', ')}</code>
          </p>
          {mayEdit && (
            <Button size="small" onPress={() => set({ text: withoutMarks(there.text), ...(there.subject !== undefined ? { subject: withoutMarks(there.subject) } : {}) })}>
              {w.scenarios.takeMarks}
            </Button>
          )}
        </Notice>
      )}
      {(channel === 'mail' || there.subject !== undefined || channel === 'publish' || channel === 'fax') && channel !== 'sms' && channel !== 'voice' && (
        <Line label={w.scenarios.subject} value={there.subject ?? ''} lang={language} maxLength={200} onChange={put('subject')} faults={faultsAt(`${at}.subject`)} />
      )}
      <TextBox
        label={w.scenarios.text(w.channel[channel] ?? channel)}
        value={there.text}
        lang={language}
        lines={channel === 'sms' ? 4 : 8}
        stretches={stretchesOf(there.text, draft, foreign)}
        onChange={put('text')}
        faults={[...empty, ...faultsAt(`${at}.text`, at).filter(() => empty.length === 0)]}
      >
        <Places message={there} editor={editor} mayEdit={mayEdit} replace={(from, to) => set(replaced(there, from, to))} />
      </TextBox>
      {fallback && !isFallback && placesIn(fallback.text).some((place) => !placesIn(there.text).includes(place)) && there.text.trim() !== '' && (
        <p className="quiet">
          {w.scenarios.placesMissing(
            placesIn(fallback.text)
              .filter((place) => !placesIn(there.text).includes(place))
              .map((place) => `{{${place}}}`)
              .join(', '),
          )}
        </p>
      )}
      {channel === 'sms' && <SmsCounter text={there.text} editor={editor} mayEdit={mayEdit} onChange={(text) => set({ text })} />}
      {channel === 'voice' && <VoiceParts tenant={tenant} language={language} text={there.text} editor={editor} mayEdit={mayEdit} onChange={(text) => set({ text })} />}
      {channel === 'fax' && <FaxParts tenant={tenant} text={there.text} mayEdit={mayEdit} onChange={(text) => set({ text })} />}
      {channel === 'mail' && <MailPreview message={there} language={language} editor={editor} sample={sample} onHtml={mayEdit ? put('html') : undefined} faults={faultsAt(`${at}.html`)} />}
      {channel !== 'mail' && channel !== 'voice' && sample !== undefined && (
        <details className="as-received">
          <summary>{w.scenarios.asReceived}</summary>
          <blockquote lang={language} dir="auto">
            {sample}
          </blockquote>
        </details>
      )}
    </section>
  )
}

/** Where each word of a text that is not written but filled in comes from; a slip of the finger is named at once. */
function Places({ message, editor, mayEdit, replace }: { message: Message; editor: Editor; mayEdit: boolean; replace: (from: string, to: string) => void }) {
  const { w } = useWords()
  const { draft, change, check, checked } = editor
  const places = placesIn(message.subject, message.text, message.html).filter((place) => kindOf(place, draft) !== 'kept')
  if (places.length === 0) return null
  const lacking = new Set((check?.launch?.problems ?? []).map(({ field }) => field))
  return (
    <ul className="places">
      {places.map((place) => {
        const kind = kindOf(place, draft)
        const known = [...RESERVED, ...Object.keys(draft.variables)]
        const meant = kind === 'unknown' ? meantBy(place, known) : undefined
        // Contacts may have what the scenario does not declare; only the server knows theirs.
        const wrong = kind === 'unknown' && (!checked || !check?.launch || lacking.has(`variables.${place}`))
        return (
          <li key={place} className="place" data-kind={wrong ? 'unknown' : kind}>
            <code>{`{{${place}}}`}</code>
            <span>
              {kind === 'platform'
                ? (w.scenarios.reserved[place] ?? '')
                : kind === 'value'
                  ? draft.variables[place]
                  : kind === 'given'
                    ? w.scenarios.givenAtLaunch
                    : wrong
                      ? w.scenarios.unknownPlace
                      : w.scenarios.ofContacts}
            </span>
            {wrong && mayEdit && (
              <span className="row-buttons">
                {meant && (
                  <button type="button" className="link-button" onClick={() => replace(place, meant)}>
                    {w.scenarios.meant(`{{${meant}}}`)}
                  </button>
                )}
                <button type="button" className="link-button" onClick={() => change((now) => ({ ...now, variables: { ...now.variables, [place]: '' } }))}>
                  {w.scenarios.declare}
                </button>
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function replaced(message: Message, from: string, to: string): Message {
  const put = (text: string) => text.replace(PLACE, (place, name: string) => (name === from ? `{{${to}}}` : place))
  return {
    text: put(message.text),
    ...(message.subject !== undefined ? { subject: put(message.subject) } : {}),
    ...(message.html !== undefined ? { html: put(message.html) } : {}),
  }
}
