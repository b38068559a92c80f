import { useQuery } from '@tanstack/react-query'
import { useId, useState, type ReactNode } from 'react'
import { directory } from '../../api/contacts'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Button, Field } from '../../ui/controls'
import { Chips } from '../../ui/chips'
import { Cross, Down, Plus, Up } from '../../ui/icons'
import { Degrees } from '../../ui/map/Degrees'
import { GeoMap } from '../../ui/map/GeoMap'
import { nowhere, placeOf, written, type PlaceDraft } from '../../ui/map/place'
import { Select } from '../../ui/select'
import { EndpointSign, KINDS, readable } from './names'
import type { Draft } from './threeWay'

/** What is wrong, by the field as the API names it. */
export type Faults = ReadonlyMap<string, string>

/** Languages one can be alerted in without looking them up; whatever else is stored stays a choice. */
const LANGUAGES = ['fr', 'en', 'de', 'es', 'it', 'pt', 'nl', 'ar', 'tr', 'uk', 'ru', 'zh']

/** A contact as it is written. Holds nothing itself: what is typed is its owner's, and survives whatever happens to this. */
export function PersonForm({
  tenant,
  draft,
  onChange,
  faults,
  mayEdit,
  isNew = false,
  household,
}: {
  tenant: string
  draft: Draft
  onChange: (draft: Draft) => void
  faults: Faults
  mayEdit: boolean
  isNew?: boolean
  household?: ReactNode
}) {
  const { w } = useWords()
  const tags = useQuery({ ...directory.tags(tenant), enabled: mayEdit })
  const set = <F extends keyof Draft>(field: F) => (value: Draft[F]) => onChange({ ...draft, [field]: value })
  const text = (field: 'firstName' | 'lastName' | 'externalId' | 'household' | 'legalBasis' | 'origin') => ({
    value: draft[field],
    onChange: set(field),
    error: faults.get(field),
    isReadOnly: !mayEdit,
    maxLength: 200,
  })
  return (
    <>
      <FormSection title={w.contacts.identity}>
        <div className="fields">
          <Field label={w.contacts.lastName} {...text('lastName')} autoFocus={isNew} />
          <Field label={w.contacts.firstName} {...text('firstName')} />
          <Select
            label={w.contacts.language}
            hint={w.contacts.languageHint}
            value={draft.language}
            onChange={set('language')}
            isDisabled={!mayEdit}
            options={[...new Set([...LANGUAGES, draft.language])].map((code) => ({ value: code, text: languageName(code, w.locale) }))}
          />
          <Field label={w.contacts.externalId} hint={isNew ? w.contacts.externalIdHint : undefined} {...text('externalId')} />
        </div>
      </FormSection>
      <Endpoints draft={draft} onChange={onChange} faults={faults} mayEdit={mayEdit} />
      <FormSection title={w.contacts.tags}>
        <Chips
          label={w.contacts.tags}
          isLabelHidden
          hint={mayEdit ? w.contacts.tagsHint : undefined}
          value={draft.tags}
          onChange={set('tags')}
          suggestions={tags.data?.items.map(({ tag }) => tag) ?? []}
          removeWord={w.contacts.tagOut}
          isReadOnly={!mayEdit}
        />
        {faults.has('tags') && <p className="field-error">{faults.get('tags')}</p>}
      </FormSection>
      <FormSection title={w.contacts.household}>
        <div className="fields">
          <Field label={w.contacts.household} hint={mayEdit ? w.contacts.householdHint : undefined} {...text('household')} />
          <div>{household}</div>
        </div>
      </FormSection>
      <Home tenant={tenant} draft={draft} onChange={onChange} faults={faults} mayEdit={mayEdit} />
      <Variables draft={draft} onChange={onChange} faults={faults} mayEdit={mayEdit} />
      <FormSection title={w.contacts.why}>
        <div className="fields">
          <Field label={w.contacts.legalBasis} hint={mayEdit ? w.contacts.legalBasisHint : undefined} {...text('legalBasis')} isRequired />
          <Field label={w.contacts.originField} hint={mayEdit ? w.contacts.originHint : undefined} {...text('origin')} />
        </div>
      </FormSection>
    </>
  )
}

/** Where the person lives: two numbers, and a map for who asks for it. */
function Home({ tenant, draft, onChange, faults, mayEdit }: { tenant: string; draft: Draft; onChange: (draft: Draft) => void; faults: Faults; mayEdit: boolean }) {
  const { w } = useWords()
  const maySee = useMay('tenant-admin', 'activator', 'supervisor', 'agency-admin')
  const [isOpen, setOpen] = useState(false)
  const help = useId()
  const put = (place: PlaceDraft) => onChange({ ...draft, place })
  const place = placeOf(draft.place)
  const isEmpty = !draft.place.latitude.trim() && !draft.place.longitude.trim()
  if (isEmpty && !mayEdit) return null
  return (
    <FormSection title={w.contacts.place} lead={mayEdit ? w.contacts.placeLead : undefined}>
      <div className="fields">
        <Degrees side="latitude" label={w.map.latitude} value={draft.place} onChange={put} mayEdit={mayEdit} error={faults.get('place.latitude')} />
        <Degrees side="longitude" label={w.map.longitude} value={draft.place} onChange={put} mayEdit={mayEdit} error={faults.get('place.longitude')} />
      </div>
      {faults.has('place') && <p className="field-error">{faults.get('place')}</p>}
      {isOpen && (
        <>
          {mayEdit && (
            <p id={help} className="quiet">
              {w.contacts.placeDraw}
            </p>
          )}
          <GeoMap tenant={tenant} maySee={maySee} label={w.contacts.placeMap} describedBy={mayEdit ? help : undefined} pin={place} onPick={mayEdit ? (at) => put(written(at)) : undefined} />
        </>
      )}
      <div className="map-acts">
        {!isOpen && (
          <Button size="small" onPress={() => setOpen(true)}>
            {w.contacts.placeOpen}
          </Button>
        )}
        {mayEdit && !isEmpty && (
          <Button size="small" onPress={() => put(nowhere)}>
            {w.contacts.placeClear}
          </Button>
        )}
      </div>
    </FormSection>
  )
}

function FormSection({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {lead && <p className="quiet">{lead}</p>}
      {children}
    </section>
  )
}

export const languageName = (code: string, locale: string): string => {
  try {
    const name = new Intl.DisplayNames(locale, { type: 'language' }).of(code) ?? code
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
  } catch {
    return code
  }
}

/** Ranked: the order is what a cascade goes by. */
function Endpoints({ draft, onChange, faults, mayEdit }: { draft: Draft; onChange: (draft: Draft) => void; faults: Faults; mayEdit: boolean }) {
  const { w } = useWords()
  const all = draft.endpoints
  const put = (endpoints: Draft['endpoints']) => onChange({ ...draft, endpoints })
  const swap = (a: number, b: number) => {
    const next = [...all]
    ;[next[a], next[b]] = [next[b]!, next[a]!]
    put(next)
  }
  return (
    <FormSection title={w.contacts.endpoints} lead={w.contacts.endpointsLead}>
      <ol className="endpoints">
        {all.map((endpoint, index) => (
          <li key={index} className="endpoint">
            <span className="endpoint-rank figures">{index + 1}</span>
            {mayEdit ? (
              <>
                <Select
                  label={w.contacts.endpointKind(index + 1)}
                  isLabelHidden
                  className="endpoint-kind"
                  value={endpoint.kind}
                  onChange={(kind) => put(all.map((each, at) => (at === index ? { ...each, kind } : each)))}
                  options={KINDS.map((kind) => ({ value: kind, text: w.contacts.kind[kind] ?? kind }))}
                />
                <div className="endpoint-address">
                  <Field
                    label={w.contacts.endpointAddress(index + 1)}
                    value={readable(endpoint.address)}
                    onChange={(address) => put(all.map((each, at) => (at === index ? { ...each, address } : each)))}
                    error={faults.get(`endpoints[${index}]`)}
                    hint={endpoint.origin && endpoint.origin !== draft.origin ? w.contacts.origin(endpoint.origin) : undefined}
                    maxLength={300}
                  />
                </div>
                <div className="endpoint-acts">
                  <Button kind="quiet" size="small" aria-label={w.contacts.endpointUp(index + 1)} isDisabled={index === 0} onPress={() => swap(index, index - 1)}>
                    <Up size={18} />
                  </Button>
                  <Button
                    kind="quiet"
                    size="small"
                    aria-label={w.contacts.endpointDown(index + 1)}
                    isDisabled={index === all.length - 1}
                    onPress={() => swap(index, index + 1)}
                  >
                    <Down size={18} />
                  </Button>
                  <Button kind="quiet" size="small" aria-label={w.contacts.endpointOut(index + 1)} onPress={() => put(all.filter((_, at) => at !== index))}>
                    <Cross size={18} />
                  </Button>
                </div>
              </>
            ) : (
              <span className="with-icon figures">
                <EndpointSign kind={endpoint.kind} />
                {w.contacts.kind[endpoint.kind] ?? endpoint.kind} · <bdi>{readable(endpoint.address)}</bdi>
              </span>
            )}
          </li>
        ))}
      </ol>
      {faults.has('endpoints') && <p className="field-error">{faults.get('endpoints')}</p>}
      {mayEdit && all.length < 20 && (
        <div>
          <Button size="small" onPress={() => put([...all, { kind: 'mobile', address: '' }])}>
            <Plus size={16} /> {w.contacts.endpointAdd}
          </Button>
        </div>
      )}
    </FormSection>
  )
}

function Variables({ draft, onChange, faults, mayEdit }: { draft: Draft; onChange: (draft: Draft) => void; faults: Faults; mayEdit: boolean }) {
  const { w } = useWords()
  const all = draft.variables
  const put = (variables: Draft['variables']) => onChange({ ...draft, variables })
  if (all.length === 0 && !mayEdit) return null
  return (
    <FormSection title={w.contacts.variables} lead={w.contacts.variablesLead}>
      {all.map((variable, index) => (
        <div key={index} className="variable">
          <Field
            label={w.contacts.variableName(index + 1)}
            value={variable.name}
            isReadOnly={!mayEdit}
            onChange={(name) => put(all.map((each, at) => (at === index ? { ...each, name } : each)))}
            maxLength={60}
          />
          <Field
            label={w.contacts.variableValue(variable.name || String(index + 1))}
            value={variable.value}
            isReadOnly={!mayEdit}
            error={faults.get(`variables.${variable.name}`)}
            onChange={(value) => put(all.map((each, at) => (at === index ? { ...each, value } : each)))}
          />
          {mayEdit && (
            <Button kind="quiet" size="small" aria-label={w.contacts.variableOut(variable.name || String(index + 1))} onPress={() => put(all.filter((_, at) => at !== index))}>
              <Cross size={18} />
            </Button>
          )}
        </div>
      ))}
      {faults.has('variables') && <p className="field-error">{faults.get('variables')}</p>}
      {mayEdit && (
        <div>
          <Button size="small" onPress={() => put([...all, { name: '', value: '' }])}>
            <Plus size={16} /> {w.contacts.variableAdd}
          </Button>
        </div>
      )}
    </FormSection>
  )
}
