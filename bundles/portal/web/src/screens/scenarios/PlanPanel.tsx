import { useQuery } from '@tanstack/react-query'
import { useContext, useState } from 'react'
import { queries } from '../../api/queries'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { Faults, Line, Locked, Select } from '../../ui/form'
import { CascadeSteps } from './CascadeSteps'
import { languagesOf, placesIn, RESERVED, type Draft } from './draft'
import { said } from './french'
import { LANGUAGE_TAGS, languageName } from '../../ui/languages'
import type { Editor } from './useEditor'

const CATEGORIES = ['life-safety', 'operational', 'information'] as const

/** Who is alerted, by what, in which order; in which languages; with which values. */
export function PlanPanel({ tenant, editor, mayEdit }: { tenant: string; editor: Editor; mayEdit: boolean }) {
  const { w } = useWords()
  const { draft, change, faultsAt } = editor
  return (
    <>
      <section className="panel" aria-labelledby="plan-what">
        <h2 id="plan-what">{w.scenarios.what}</h2>
        <div className="fields">
          <Line
            label={w.scenarios.name}
            value={draft.name}
            maxLength={200}
            onChange={(name) => change((now) => ({ ...now, name }))}
            faults={draft.name.trim() ? faultsAt('name') : [{ text: w.scenarios.nameMissing }]}
          />
          <Select
            label={w.scenarios.category}
            value={draft.category}
            onChange={(category) => change((now) => ({ ...now, category }))}
            options={CATEGORIES.map((value) => ({ value, text: `${w.category[value]} — ${w.scenarios.categoryMeans[value]}` }))}
            faults={faultsAt('category')}
          />
        </div>
      </section>
      <Audience tenant={tenant} editor={editor} />
      <section className="panel" aria-labelledby="plan-order">
        <h2 id="plan-order">{w.scenarios.order}</h2>
        <CascadeSteps tenant={tenant} editor={editor} mayEdit={mayEdit} />
      </section>
      <Languages editor={editor} mayEdit={mayEdit} />
      <Variables editor={editor} mayEdit={mayEdit} />
    </>
  )
}

function Audience({ tenant, editor }: { tenant: string; editor: Editor }) {
  const { w, f } = useWords()
  const { draft, change, check, checked, faultsAt } = editor
  const locked = useContext(Locked)
  const lists = useQuery(queries.lists(tenant))
  // Those alerted stand first, and stay where they are while one ticks.
  const [first] = useState(draft.lists)
  const all = lists.data?.items ?? []
  const known = [...all.filter((list) => first.includes(list.slug)), ...all.filter((list) => !first.includes(list.slug))]
  const gone = lists.data ? draft.lists.filter((slug) => !known.some((list) => list.slug === slug)) : []
  const toggle = (slug: string, on: boolean) => change((now) => ({ ...now, lists: on ? [...now.lists, slug] : now.lists.filter((each) => each !== slug) }))
  return (
    <section className="panel" aria-labelledby="plan-who">
      <h2 id="plan-who">{w.scenarios.who}</h2>
      <p className="figures" aria-busy={!checked}>
        {draft.lists.length === 0
          ? w.scenarios.nobodyYet
          : check?.launch
            ? `${f.n(check.launch.people)} ${w.launch.people(check.launch.people)}`
            : ' '}
      </p>
      <div className="ticks" role="group" aria-labelledby="plan-who">
        {known.map((list) => (
          <label key={list.slug} className="tick">
            <input type="checkbox" disabled={locked} checked={draft.lists.includes(list.slug)} onChange={(event) => toggle(list.slug, event.target.checked)} />
            <span>
              {list.name}
              <span className="row-hint">{list.slug}</span>
            </span>
          </label>
        ))}
        {gone.map((slug) => (
          <label key={slug} className="tick" data-tone="bad">
            <input type="checkbox" disabled={locked} checked onChange={() => toggle(slug, false)} aria-invalid />
            <span>
              {slug}
              <span className="row-hint">{w.scenarios.listGone}</span>
            </span>
          </label>
        ))}
      </div>
      <Faults id="plan-who-faults" faults={faultsAt('lists', ...draft.lists.map((_, index) => `lists[${index}]`), 'tenant')} />
    </section>
  )
}

function Languages({ editor, mayEdit }: { editor: Editor; mayEdit: boolean }) {
  const { w } = useWords()
  const { draft, change, faultsAt } = editor
  const languages = languagesOf(draft)
  const free = LANGUAGE_TAGS.filter((tag) => !languages.includes(tag))
  const [adding, setAdding] = useState('')
  const remove = (language: string) =>
    change((now) => {
      const { [language]: _gone, ...messages } = now.messages
      return { ...now, messages }
    })
  return (
    <section className="panel" aria-labelledby="plan-languages">
      <h2 id="plan-languages">{w.scenarios.languages}</h2>
      <ul className="rows">
        {languages.map((language) => {
          const used = draft.cascade.map((step) => step.channel).filter((channel, index, all) => all.indexOf(channel) === index)
          const missing = used.filter((channel) => !draft.messages[language]?.[channel]?.text.trim())
          return (
            <li key={language} className="row language-row">
              <span className="row-main">
                <span className="row-title">{languageName(language, w.locale)}</span>
                <span className="row-hint">
                  {missing.length === 0
                    ? w.scenarios.languageWhole
                    : w.scenarios.languageLacks(missing.map((channel) => w.channel[channel] ?? channel).join(', '))}
                </span>
              </span>
              {language === draft['fallback-language'] ? (
                <span className="quiet">{w.scenarios.fallback}</span>
              ) : (
                mayEdit && (
                  <span className="row-buttons">
                    <Button size="small" kind="quiet" onPress={() => change((now) => ({ ...now, 'fallback-language': language }))} aria-label={`${w.scenarios.makeFallback} : ${languageName(language, w.locale)}`}>
                      {w.scenarios.makeFallback}
                    </Button>
                    <Button size="small" kind="quiet" onPress={() => remove(language)} aria-label={`${w.scenarios.remove} : ${languageName(language, w.locale)}`}>
                      {w.scenarios.remove}
                    </Button>
                  </span>
                )
              )}
            </li>
          )
        })}
      </ul>
      {mayEdit && (
        <div className="adding">
          <Select
            label={w.scenarios.addLanguage}
            value={adding}
            onChange={(language) => {
              setAdding('')
              if (language) change((now) => ({ ...now, messages: { ...now.messages, [language]: {} } }))
            }}
            options={[{ value: '', text: '…' }, ...free.map((value) => ({ value: value as string, text: languageName(value, w.locale) }))]}
          />
        </div>
      )}
      <Faults id="plan-language-faults" faults={faultsAt('fallback-language')} />
    </section>
  )
}

function Variables({ editor, mayEdit }: { editor: Editor; mayEdit: boolean }) {
  const { w } = useWords()
  const { draft, change, faultsAt } = editor
  const [name, setName] = useState('')
  const used = new Set(Object.values(draft.messages).flatMap((channels) => Object.values(channels).flatMap(({ subject, text, html }) => placesIn(subject, text, html))))
  const wrong = name && !/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name) ? w.scenarios.variableForm : (RESERVED as readonly string[]).includes(name) ? w.scenarios.variableOurs : undefined
  const add = () => {
    if (!name || wrong || name in draft.variables) return
    change((now) => ({ ...now, variables: { ...now.variables, [name]: '' } }))
    setName('')
  }
  const set = (variable: string, value: string) => change((now) => ({ ...now, variables: { ...now.variables, [variable]: value } }))
  const remove = (variable: string) =>
    change((now: Draft) => {
      const { [variable]: _gone, ...variables } = now.variables
      return { ...now, variables }
    })
  return (
    <section className="panel" aria-labelledby="plan-variables">
      <h2 id="plan-variables">{w.scenarios.variables}</h2>
      <p className="quiet">{w.scenarios.variablesHint}</p>
      <ul className="rows">
        {Object.entries(draft.variables).map(([variable, value]) => (
          <li key={variable} className="variable-row">
            <Line
              label={`{{${variable}}}`}
              value={value}
              maxLength={1000}
              hint={used.has(variable) ? (value.trim() ? '' : w.scenarios.givenAtLaunch) : w.scenarios.variableUnused}
              onChange={(typed) => set(variable, typed)}
              faults={faultsAt(`variables.${variable}`)}
            />
            {mayEdit && (
              <Button size="small" kind="quiet" onPress={() => remove(variable)} aria-label={`${w.scenarios.remove} : ${variable}`}>
                {w.scenarios.remove}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayEdit && (
        <form
          className="adding"
          onSubmit={(event) => {
            event.preventDefault()
            add()
          }}
        >
          <Line label={w.scenarios.newVariable} value={name} onChange={(typed) => setName(typed.replaceAll(/[{}\s]/g, ''))} faults={wrong ? [{ text: wrong }] : []} />
          <Button type="submit">{w.scenarios.add}</Button>
        </form>
      )}
      <Faults
        id="plan-variable-faults"
        faults={(editor.check?.launch?.problems ?? [])
          .filter(({ field }) => field.startsWith('variables.') && !(field.slice(10) in draft.variables))
          .map(({ field, problem }) => {
            const { text, lang } = said(problem, w.locale)
            return { text: `{{${field.slice(10)}}} ${text}`, lang }
          })}
      />
    </section>
  )
}
