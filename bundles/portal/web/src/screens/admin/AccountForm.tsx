import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { admin, type AccountView, type ChannelSettings, type Setting } from '../../api/admin'
import { Trouble } from '../../api/trouble'
import { useWords } from '../../i18n'
import { Ask, Button, Field } from '../../ui/controls'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Box, Pick } from '../../ui/pick'
import { faultOf } from './faults'
import { SecretField } from './SecretField'
import { again, begun, isSecretName, sent, typed, type SecretEdit, type Written } from './settings'

/** An account's form, made of what its channel says of itself. */
export function AccountForm({ tenant, view, onClose }: { tenant: string; view: AccountView | undefined; onClose: () => void }) {
  const { w } = useWords()
  const definitions = useQuery(admin.settings(tenant))
  return (
    <Ask open onClose={onClose} title={view ? w.admin.account.editTitle(view.account.slug) : w.admin.account.new} wide keepOpen>
      {definitions.isError && <TroubleNotice trouble={definitions.error} retry={() => void definitions.refetch()} />}
      {definitions.data ? (
        <Form tenant={tenant} view={view} channels={definitions.data.items} onClose={onClose} />
      ) : (
        <>
          {definitions.isPending && <p className="quiet">{w.loading}</p>}
          <div className="dialog-buttons">
            <Button onPress={onClose}>{w.admin.cancel}</Button>
          </div>
        </>
      )}
    </Ask>
  )
}

function Form({ tenant, view, channels, onClose }: { tenant: string; view: AccountView | undefined; channels: ChannelSettings[]; onClose: () => void }) {
  const { w } = useWords()
  const client = useQueryClient()
  const before = view?.account
  const sealed = Object.keys(view?.secrets ?? {})
  const [channel, setChannel] = useState(before?.channel ?? channels[0]?.channel ?? '')
  const definition = channels.find((each) => each.channel === channel)
  const [slug, setSlug] = useState(before?.slug ?? '')
  const [rank, setRank] = useState(String(before?.rank ?? 100))
  const [perSecond, setPerSecond] = useState(before?.messagesPerSecond != null ? String(before.messagesPerSecond) : '')
  const [enabled, setEnabled] = useState(before?.enabled ?? true)
  const [written, setWritten] = useState<Written>(() => begun(before?.settings ?? {}, definition?.settings ?? [], sealed))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()

  const settings = definition?.settings ?? []
  const toType = again(written, before?.settings ?? {}, sealed)
  /** What is wrong with what was done about a secret, before anything is sent. */
  const wrong = (name: string): string | undefined => {
    const edit = written.secrets[name]
    if (edit?.how === 'name' && edit.value !== '' && !isSecretName(edit.value.replace(/^secret:/, ''))) return w.admin.account.secretWrong
    const inPlace = before?.settings[name] !== undefined || sealed.includes(name)
    return toType.includes(name) || (inPlace && edit?.how === 'type' && edit.value === '') ? w.admin.account.secretNeeded : undefined
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    // What was typed where a name belongs may be the secret itself: it stays in this form and goes nowhere.
    if (!slug.trim() || busy || Object.keys(written.secrets).some((name) => wrong(name) !== undefined)) return
    setBusy(true)
    setTrouble(undefined)
    const body = {
      slug: slug.trim(),
      channel,
      settings: sent(written, before?.settings ?? {}),
      secrets: typed(written, sealed),
      rank: Number(rank) || 100,
      ...(perSecond.trim() ? { messagesPerSecond: Number(perSecond) } : {}),
      enabled,
    }
    try {
      await (before ? admin.saveAccount(tenant, before, body) : admin.makeAccount(tenant, body))
      await client.invalidateQueries({ queryKey: [tenant, 'accounts'] })
      void client.invalidateQueries({ queryKey: [tenant, 'channels'] })
      onClose()
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
      // Somebody else was quicker: opened again, the form begins with what they saved.
      if (failure instanceof Trouble && failure.kind === 'changed') void client.invalidateQueries({ queryKey: [tenant, 'accounts'] })
    }
  }
  const plain = (name: string, value: string) => setWritten((now) => ({ ...now, plain: { ...now.plain, [name]: value } }))
  const secret = (name: string, edit: SecretEdit | undefined) => setWritten((now) => ({ ...now, secrets: { ...now.secrets, [name]: edit } }))
  const field = (setting: Setting) => {
    const { name } = setting
    const fault = faultOf(trouble, `secrets.${name}`, `settings.${name}`, `settings.${camel(name)}`)
    return setting.type === 'SECRET' ? (
      <SecretField
        key={name}
        setting={setting}
        edit={written.secrets[name]}
        named={before?.settings[name] !== undefined}
        sealed={view?.secrets[name]}
        again={again({ ...written, secrets: { ...written.secrets, [name]: undefined } }, before?.settings ?? {}, sealed).includes(name)}
        onEdit={secret}
        error={(tried ? wrong(name) : undefined) ?? fault}
      />
    ) : (
      <SettingField key={name} setting={setting} written={written} onPlain={plain} error={fault} />
    )
  }
  const needed = settings.filter((setting) => isNeeded(setting) || before?.settings[setting.name] !== undefined || sealed.includes(setting.name))
  const others = settings.filter((setting) => !needed.includes(setting))
  // Settings that the channel does not describe are kept as they are.
  const strange = Object.keys(written.plain).filter((name) => !settings.some((setting) => setting.name === name))

  return (
    <form className="form" noValidate onSubmit={(event) => void submit(event)}>
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      <div className="fields">
        {before ? (
          <p className="field">
            <strong>{w.admin.account.channel}</strong>
            <span>{w.channel[channel] ?? channel}</span>
          </p>
        ) : (
          <Pick
            label={w.admin.account.channel}
            value={channel}
            onChange={(next) => {
              setChannel(next)
              setWritten({ plain: {}, secrets: {} })
            }}
            options={channels.map((each) => ({ value: each.channel, text: w.channel[each.channel] ?? each.channel }))}
          />
        )}
        <Field label={w.admin.account.slug} hint={w.admin.account.slugHint} value={slug} onChange={setSlug} maxLength={64} autoComplete="off" isRequired error={tried && !slug.trim() ? w.admin.required : faultOf(trouble, 'slug')} />
      </div>
      {definition && !definition.known && <Notice tone="plain" title={w.admin.account.unknownSettings} />}
      <fieldset className="group settings">
        <legend>{w.admin.account.settings}</legend>
        <div className="fields">
          {needed.map(field)}
          {strange.map((name) => (
            <Field key={name} label={name} value={written.plain[name] ?? ''} onChange={(value) => plain(name, value)} autoComplete="off" error={faultOf(trouble, `settings.${name}`)} />
          ))}
        </div>
        {others.length > 0 && (
          <details>
            <summary>
              {w.admin.account.optional} ({others.length})
            </summary>
            <div className="fields under">{others.map(field)}</div>
          </details>
        )}
      </fieldset>
      <div className="fields">
        <Field label={w.admin.account.rank} hint={w.admin.account.rankHint} value={rank} onChange={setRank} maxLength={5} error={faultOf(trouble, 'rank')} />
        <Field label={w.admin.account.perSecond} hint={w.admin.account.perSecondHint} value={perSecond} onChange={setPerSecond} maxLength={6} error={faultOf(trouble, 'messagesPerSecond')} />
      </div>
      <Box label={w.admin.account.enabled} value={enabled} onChange={setEnabled} />
      <div className="dialog-buttons">
        <Button onPress={onClose} isDisabled={busy}>
          {w.admin.cancel}
        </Button>
        <Button type="submit" kind="primary" isDisabled={busy || !channel}>
          {busy ? w.admin.saving : w.admin.save}
        </Button>
      </div>
    </form>
  )
}

const isNeeded = (setting: Setting) => setting.required && setting.otherwise == null
/** As the API names a setting's field. */
const camel = (name: string) => name.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase())

function SettingField({
  setting,
  written,
  onPlain,
  error,
}: {
  setting: Setting
  written: Written
  onPlain: (name: string, value: string) => void
  error: string | undefined
}) {
  const { w } = useWords()
  const { name } = setting
  const value = written.plain[name] ?? ''
  // The channel's own words are English.
  const hint = [
    setting.description,
    setting.otherwise != null && setting.otherwise !== '' ? w.admin.account.defaults(setting.otherwise) : '',
    setting.least != null && setting.most != null && setting.type !== 'TEXT' ? w.admin.account.range(setting.least, setting.most) : '',
  ]
    .filter(Boolean)
    .join(' · ')
  if (setting.options.length > 0 || setting.type === 'BOOLEAN') {
    const options = setting.type === 'BOOLEAN' ? [{ value: 'true', text: w.admin.account.yes }, { value: 'false', text: w.admin.account.no }] : setting.options.map((option) => ({ value: option, text: option }))
    const known = value === '' || options.some((option) => option.value === value)
    return (
      <Pick
        label={name}
        hint={hint}
        error={error}
        value={value}
        onChange={(chosen) => onPlain(name, chosen)}
        options={[{ value: '', text: w.admin.account.unset }, ...options, ...(known ? [] : [{ value, text: value }])]}
      />
    )
  }
  return <Field label={name} hint={hint || undefined} value={value} onChange={(typed) => onPlain(name, typed)} autoComplete="off" isRequired={isNeeded(setting)} error={error} />
}
