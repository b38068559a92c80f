import { useWords } from '../../i18n'
import { Field } from '../controls'
import { degrees, pasted, type PlaceDraft } from './place'

/** One of the two numbers of a place; both at once when both are pasted, as maps give them. */
export function Degrees({
  side,
  label,
  value,
  onChange,
  mayEdit,
  error,
  isLabelHidden = false,
}: {
  side: 'latitude' | 'longitude'
  label: string
  value: PlaceDraft
  onChange: (value: PlaceDraft) => void
  mayEdit: boolean
  error?: string | undefined
  isLabelHidden?: boolean
}) {
  const { w } = useWords()
  const most = side === 'latitude' ? 90 : 180
  const wrong = value[side].trim() !== '' && degrees(value[side], most) === undefined ? w.map.wrong[side] : undefined
  return (
    <div className={isLabelHidden ? 'degrees degrees-bare' : 'degrees'}>
      <Field
        label={label}
        value={value[side]}
        isReadOnly={!mayEdit}
        onChange={(text) => onChange(pasted(text) ?? { ...value, [side]: text })}
        error={error ?? wrong}
        maxLength={40}
      />
    </div>
  )
}
