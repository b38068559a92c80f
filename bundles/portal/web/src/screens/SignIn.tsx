import { useState, type FormEvent } from 'react'
import { Trouble } from '../api/trouble'
import { session } from '../app/session'
import { preferences, usePreferences } from '../app/preferences'
import { LANGUAGES, useWords } from '../i18n'
import { Button, Field } from '../ui/controls'
import { Mark } from '../ui/icons'
import { useTitle } from '../ui/mode'
import { Notice, TroubleNotice } from '../ui/notice'

export function SignInScreen() {
  const { w } = useWords()
  const { language } = usePreferences()
  useTitle(w.signIn.title)
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <header className="sign-in-head">
          <Mark size={44} />
          <div>
            <h1>{w.product}</h1>
            <p>{w.signIn.lead}</p>
          </div>
        </header>
        <SignInForm />
      </div>
      <nav className="sign-in-languages" aria-label={w.menu.language}>
        {LANGUAGES.map(({ code, name }) => (
          <Button key={code} kind="quiet" size="small" aria-pressed={code === language} onPress={() => preferences.set({ language: code })}>
            <span lang={code}>{name}</span>
          </Button>
        ))}
      </nav>
    </main>
  )
}

/** @param login fixed when somebody comes back to their own page */
export function SignInForm({ login: fixed }: { login?: string }) {
  const { w } = useWords()
  const [login, setLogin] = useState(fixed ?? '')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!login.trim() || !password || busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      await session.signIn(login.trim(), password)
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="sign-in-form">
      {trouble instanceof Trouble && trouble.kind === 'signed-out' ? (
        <Notice tone="bad" title={w.signIn.refused} live>
          <p>{w.signIn.refusedCure}</p>
        </Notice>
      ) : (
        trouble !== undefined && <TroubleNotice trouble={trouble} />
      )}
      {fixed === undefined && (
        <Field
          label={w.signIn.login}
          name="username"
          autoComplete="username"
          value={login}
          onChange={setLogin}
          isRequired
          error={tried && !login.trim() ? w.signIn.loginMissing : undefined}
        />
      )}
      <Field
        label={w.signIn.password}
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        isRequired
        error={tried && !password ? w.signIn.passwordMissing : undefined}
      />
      <Button type="submit" kind="primary" size="large">
        {busy ? w.signIn.busy : w.signIn.submit}
      </Button>
    </form>
  )
}
