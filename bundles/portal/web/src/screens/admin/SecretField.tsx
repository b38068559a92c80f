import type { SealedSecret, Setting } from '../../api/admin'
import { useWords } from '../../i18n'
import { Button, Field } from '../../ui/controls'
import type { SecretEdit } from './settings'

/** A secret of an account: typed and never shown again, or named; what is in place is kept, replaced or forgotten. */
export function SecretField({
  setting,
  edit,
  named,
  sealed,
  again,
  onEdit,
  error,
}: {
  setting: Setting
  edit: SecretEdit | undefined
  /** Whether a secret of the nodes is in place. */
  named: boolean
  sealed: SealedSecret | undefined
  /** What is sealed must be typed again: the settings are not those it was typed for. */
  again: boolean
  onEdit: (name: string, edit: SecretEdit | undefined) => void
  error: string | undefined
}) {
  const { w, f } = useWords()
  const { name } = setting
  const words = w.admin.account
  const kept = named || sealed !== undefined
  const now: SecretEdit | undefined = edit ?? (kept && !again ? undefined : { how: 'type', value: '' })
  const act = (text: string, next: SecretEdit | undefined) => (
    <Button key={text} size="small" aria-label={`${text} : ${name}`} onPress={() => onEdit(name, next)}>
      {text}
    </Button>
  )
  const keep = kept && !again && edit !== undefined ? act(words.secretKeep, undefined) : undefined
  if (now === undefined || now.how === 'forget') {
    return (
      <div className="secret">
        <div className="field">
          <strong>{name}</strong>
          <p className="secret-kept">{now ? words.secretForgotten : sealed ? words.secretSealed(f.day(sealed.since), sealed.by) : words.secretKept}</p>
        </div>
        <div className="secret-acts">{now ? (again ? act(words.secretReplace, undefined) : keep) : [act(words.secretReplace, { how: 'type', value: '' }), sealed && act(words.secretForget, { how: 'forget' })]}</div>
      </div>
    )
  }
  const naming = now.how === 'name'
  return (
    <div className="secret">
      <Field
        label={naming ? `${name} (${words.secretNew})` : name}
        hint={naming ? words.secretHint : again ? words.secretAgain : words.secretTyped}
        value={now.value}
        onChange={(value) => onEdit(name, { how: now.how, value })}
        type="password"
        autoComplete={naming ? 'off' : 'new-password'}
        maxLength={naming ? 71 : 1024}
        error={error}
      />
      {naming && (
        <details className="secret-how">
          <summary>{words.secretHow}</summary>
          <ol>
            {words.secretHowSteps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </details>
      )}
      <div className="secret-acts">
        {naming ? act(words.secretTypeInstead, { how: 'type', value: '' }) : act(words.secretNameInstead, { how: 'name', value: '' })}
        {sealed && act(words.secretForget, { how: 'forget' })}
        {keep}
      </div>
    </div>
  )
}
