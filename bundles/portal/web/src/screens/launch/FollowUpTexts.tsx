import { useState } from 'react'
import type { Draft } from '../../api/followUps'
import type { Preview } from '../../api/model'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import type { Fault } from '../../ui/form'
import { inFrench } from '../../ui/french'
import { languageName } from '../../ui/languages'
import { Notice } from '../../ui/notice'
import { TextBox } from '../../ui/text'

/** One text for each language of the people it is for, one in sight; and who gets which where one has none. */
export function FollowUpTexts({
  texts,
  readers,
  problems,
  onChange,
}: {
  texts: Readonly<Record<string, string>>
  readers: Draft['readers']
  problems: Preview['problems']
  onChange: (language: string, text: string) => void
}) {
  const { w, f } = useWords()
  const languages = [...readers.map(({ language }) => language), ...Object.keys(texts)].filter((language, index, all) => all.indexOf(language) === index)
  const [chosen, setChosen] = useState<string>()
  const language = chosen !== undefined && languages.includes(chosen) ? chosen : languages[0]
  const lacking = readers.filter((reader) => !texts[reader.language]?.trim())
  const isWrong = (each: string) => problems.some(({ field }) => field === `texts.${each}`)
  const nameOf = (each: string) => languageName(each, w.locale)
  // within a sentence French writes languages small
  const within = (each: string) => (w.locale.startsWith('fr') ? nameOf(each).toLocaleLowerCase('fr') : nameOf(each))
  const reader = readers.find((each) => each.language === language)
  return (
    <section className="panel follow-up-words" aria-labelledby="follow-up-texts">
      <h2 id="follow-up-texts">{w.followUp.texts}</h2>
      <p className="quiet">{w.followUp.textsHint}</p>
      {languages.length > 1 && (
        <div className="pills" role="group" aria-label={w.followUp.languages}>
          {languages.map((each) => {
            const people = readers.find((one) => one.language === each)?.people ?? 0
            return (
              <Button key={each} kind="quiet" size="small" className="pill" aria-pressed={each === language} onPress={() => setChosen(each)}>
                {nameOf(each)} <span className="figures pill-count">{w.followUp.reads(f.n(people), people)}</span>
                {isWrong(each) && <span className="pill-count"> · {w.followUp.mend}</span>}
                {!texts[each]?.trim() && <span className="pill-count"> · {w.scenarios.untranslated}</span>}
              </Button>
            )
          })}
        </div>
      )}
      {language !== undefined && (
        <TextBox
          key={language}
          label={nameOf(language)}
          lang={language}
          value={texts[language] ?? ''}
          stretches={[{ text: texts[language] ?? '' }]}
          lines={3}
          hint={reader && reader.told !== language ? w.followUp.without(f.n(reader.people), reader.people, within(reader.told)) : undefined}
          faults={problems.filter(({ field }) => field === `texts.${language}`).map(({ problem }) => faultOf(problem, w.locale))}
          onChange={(typed) => onChange(language, typed)}
        />
      )}
      {lacking.length > 0 && (
        <Notice tone="warn" title={w.followUp.lacking(lacking.map((each) => within(each.language)).join(', '))}>
          <ul className="notice-list figures">
            {lacking.map((each) => (
              <li key={each.language}>{w.followUp.lackingLine(f.n(each.people), each.people, nameOf(each.language), within(each.told))}</li>
            ))}
          </ul>
        </Notice>
      )}
    </section>
  )
}

function faultOf(problem: string, locale: string): Fault {
  const french = locale.startsWith('fr') ? inFrench(problem) : undefined
  return french === undefined ? { text: problem, lang: 'en' } : { text: french }
}
