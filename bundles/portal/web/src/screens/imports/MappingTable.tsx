import type { Inspection } from '../../api/contacts'
import { useWords } from '../../i18n'
import { Field } from '../../ui/controls'
import { Plain } from '../../ui/plain'
import { Select } from '../../ui/select'
import { FIELDS, samples, titlesOf, variableName, type Mapping } from './mapping'

/** Each column with what it holds, beside what it becomes. */
export function MappingTable({ inspection, mapping, onChange }: { inspection: Inspection; mapping: Mapping; onChange: (mapping: Mapping) => void }) {
  const { w } = useWords()
  const options = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).flatMap((group) =>
    FIELDS[group].map((field) => ({ value: field as string, text: w.imports.field[field] ?? field, group: w.imports[group] })),
  )
  return (
    <ul className="columns">
      {titlesOf(inspection).map((title) => {
        const field = mapping[title] ?? 'ignore'
        const own = field.startsWith('var:')
        const values = samples(inspection, title)
        return (
          <li key={title} className="column" data-ignored={field === 'ignore' || undefined}>
            <div className="column-what">
              <p className="column-title">
                <Plain>{title}</Plain>
              </p>
              <p className="row-hint">
                <span className="unseen">{w.imports.sample} : </span>
                {values.length === 0
                  ? w.imports.sampleEmpty
                  : values.map((value, index) => (
                      <span key={value}>
                        {index > 0 && ' · '}
                        <Plain>{value}</Plain>
                      </span>
                    ))}
              </p>
            </div>
            <div className="column-becomes">
              <Select
                label={w.imports.becomes(title)}
                isLabelHidden
                value={own ? 'var:' : field}
                onChange={(chosen) => onChange({ ...mapping, [title]: chosen === 'var:' ? `var:${variableName(title)}` : chosen })}
                options={options}
              />
              {own && (
                <Field label={w.imports.variable} value={field.slice(4)} onChange={(name) => onChange({ ...mapping, [title]: `var:${name.replace(/[^A-Za-z0-9_.-]/g, '_')}` })} maxLength={40} />
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
