import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { seconds } from '../../api/duration'
import { dropRecording, keepRecording, say, scenarioQueries, soundOf } from '../../api/scenarios'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { Line } from '../../ui/form'
import { Notice, TroubleNotice } from '../../ui/notice'
import { UploadBar, UploadTrouble, useUpload } from '../../ui/upload'
import { filled, PLACE, slugOf } from './draft'
import { canRecord, record, type Recording } from './recorder'
import type { Editor } from './useEditor'

/** Hearing what a text sounds like, and the sounds that can stand in it: recorded here, or brought as files. */
export function VoiceParts({
  tenant,
  language,
  text,
  editor,
  mayEdit,
  onChange,
}: {
  tenant: string
  language: string
  text: string
  editor: Editor
  mayEdit: boolean
  onChange: (text: string) => void
}) {
  const { w, f } = useWords()
  const client = useQueryClient()
  const sounds = useQuery(scenarioQueries.recordings(tenant))
  const player = usePlayer()
  const [trouble, setTrouble] = useState<unknown>()
  const length = editor.checked ? editor.check?.launch?.calls?.[language] : undefined
  const hear = async (key: string, sound: () => Promise<Blob>) => {
    setTrouble(undefined)
    await player.play(key, sound).catch(setTrouble)
  }
  // A person's own name is not known here: it is said as its place is called.
  const spoken = filled(text, editor.draft).replace(PLACE, (place, name: string) => (name.startsWith('recording.') ? place : name.replaceAll(/[_.-]+/g, ' ')))
  return (
    <div className="voice">
      <div className="voice-hear">
        <Button onPress={() => void hear('text', () => say(tenant, spoken, language))} isDisabled={!text.trim() || player.busy === 'text'}>
          {player.busy === 'text' ? w.scenarios.speaking : player.playing === 'text' ? w.scenarios.hearAgain : w.scenarios.hear}
        </Button>
        {length && <span className="quiet figures">{w.scenarios.lasts(f.span(seconds(length.message) + seconds(length.question)))}</span>}
      </div>
      {player.element}
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      <h3>{w.scenarios.sounds}</h3>
      <ul className="rows">
        {(sounds.data?.items ?? []).map((sound) => (
          <li key={sound.slug} className="row">
            <span className="row-main">
              <span className="row-title">{sound.name}</span>
              <span className="row-hint figures">
                {`{{recording.${sound.slug}}}`} · {f.stopwatch(seconds(sound.duration))}
              </span>
            </span>
            <span className="row-buttons">
              <Button size="small" kind="quiet" onPress={() => void hear(sound.slug, () => soundOf(tenant, sound.slug))} aria-label={`${w.scenarios.hear} : ${sound.name}`}>
                {w.scenarios.hear}
              </Button>
              {mayEdit && (
                <>
                  <Button
                    size="small"
                    onPress={() => onChange(`${text.trimEnd()}${text.trim() ? ' ' : ''}{{recording.${sound.slug}}}`)}
                    aria-label={`${w.scenarios.insert} : ${sound.name}`}
                  >
                    {w.scenarios.insert}
                  </Button>
                  <Button
                    size="small"
                    kind="quiet"
                    onPress={() => {
                      setTrouble(undefined)
                      dropRecording(tenant, sound.slug).then(() => client.invalidateQueries({ queryKey: [tenant, 'recordings'] }), setTrouble)
                    }}
                    aria-label={`${w.scenarios.remove} : ${sound.name}`}
                  >
                    {w.scenarios.remove}
                  </Button>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {sounds.data?.items.length === 0 && <p className="quiet">{w.scenarios.noSound}</p>}
      {mayEdit && <NewSound tenant={tenant} onKept={(slug) => onChange(`${text.trimEnd()}${text.trim() ? ' ' : ''}{{recording.${slug}}}`)} />}
    </div>
  )
}

/** One sound at a time, played by the browser's own player, which anybody can stop. */
function usePlayer() {
  const { w } = useWords()
  const [busy, setBusy] = useState<string>()
  const [playing, setPlaying] = useState<{ key: string; url: string }>()
  useEffect(() => () => void (playing && URL.revokeObjectURL(playing.url)), [playing])
  const play = async (key: string, sound: () => Promise<Blob>) => {
    setBusy(key)
    try {
      setPlaying({ key, url: URL.createObjectURL(await sound()) })
    } finally {
      setBusy(undefined)
    }
  }
  return {
    busy,
    playing: playing?.key,
    play,
    element: playing && <audio key={playing.url} src={playing.url} controls autoPlay aria-label={w.scenarios.player} className="voice-player" />,
  }
}

type Phase = { at: 'idle' } | { at: 'recording'; since: number; recording: Recording } | { at: 'heard'; sound: Blob; url: string } | { at: 'keeping' }

/** By microphone or from a file: heard first, then named, then kept. */
function NewSound({ tenant, onKept }: { tenant: string; onKept: (slug: string) => void }) {
  const { w, f } = useWords()
  const client = useQueryClient()
  const [phase, setPhase] = useState<Phase>({ at: 'idle' })
  const [name, setName] = useState('')
  const [now, setNow] = useState(0)
  const [refused, setRefused] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const [warnings, setWarnings] = useState<string[]>([])
  const sending = useUpload()
  const file = useRef<HTMLInputElement>(null)
  const current = useRef(phase)
  current.current = phase

  useEffect(() => {
    if (phase.at !== 'recording') return
    const timer = setInterval(() => setNow(performance.now()), 250)
    return () => clearInterval(timer)
  }, [phase.at])
  useEffect(
    () => () => {
      // Nobody leaves with the microphone open.
      if (current.current.at === 'recording') current.current.recording.cancel()
    },
    [],
  )
  useEffect(() => () => void (phase.at === 'heard' && URL.revokeObjectURL(phase.url)), [phase])

  const heard = (sound: Blob) => setPhase({ at: 'heard', sound, url: URL.createObjectURL(sound) })
  const begin = async () => {
    setRefused(false)
    setTrouble(undefined)
    setWarnings([])
    try {
      setPhase({ at: 'recording', since: performance.now(), recording: await record() })
    } catch {
      setRefused(true)
    }
  }
  const slug = slugOf(name).slice(0, 52)
  const keep = async (sound: Blob) => {
    setTrouble(undefined)
    try {
      setWarnings(await sending.run((watch) => keepRecording(tenant, slug, name.trim(), sound, watch)))
      await client.invalidateQueries({ queryKey: [tenant, 'recordings'] })
      onKept(slug)
      setName('')
      setPhase({ at: 'idle' })
    } catch (failure) {
      setTrouble(failure)
    }
  }
  return (
    <div className="new-sound">
      {refused && (
        <Notice tone="warn" title={w.scenarios.noMicrophone} live>
          <p>{w.scenarios.noMicrophoneCure}</p>
        </Notice>
      )}
      {warnings.length > 0 && (
        <Notice tone="warn" title={w.scenarios.soundWarnings} live>
          <ul className="notice-list" lang="en">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
      {trouble !== undefined && (phase.at === 'heard' ? <UploadTrouble trouble={trouble} retry={() => void keep(phase.sound)} /> : <TroubleNotice trouble={trouble} />)}
      {phase.at === 'recording' ? (
        <div className="voice-hear" data-recording>
          <Button kind="danger" onPress={() => void phase.recording.stop().then(heard, setTrouble)}>
            {w.scenarios.stop}
          </Button>
          <span className="figures" role="timer">
            {f.stopwatch(Math.max(0, now - phase.since) / 1000)}
          </span>
        </div>
      ) : phase.at === 'heard' ? (
        <form
          className="new-sound-name"
          onSubmit={(event) => {
            event.preventDefault()
            if (slug) void keep(phase.sound)
          }}
        >
          <audio src={phase.url} controls aria-label={w.scenarios.player} className="voice-player" />
          <Line label={w.scenarios.soundName} value={name} onChange={setName} maxLength={52} hint={slug ? `{{recording.${slug}}}` : w.scenarios.soundNameHint} />
          <div className="row-buttons">
            <Button type="submit" kind="primary" isDisabled={!slug || sending.progress !== undefined}>
              {w.scenarios.keepSound}
            </Button>
            <Button
              onPress={() => {
                setTrouble(undefined)
                setPhase({ at: 'idle' })
              }}
              isDisabled={sending.progress !== undefined}
            >
              {w.scenarios.throwAway}
            </Button>
          </div>
          <UploadBar name={name} progress={sending.progress} onStop={sending.stop} />
        </form>
      ) : (
        <div className="voice-hear">
          {canRecord() && <Button onPress={() => void begin()}>{w.scenarios.record}</Button>}
          <Button onPress={() => file.current?.click()}>{w.scenarios.bring}</Button>
          <input
            ref={file}
            type="file"
            accept=".wav,.mp3,audio/wav,audio/mpeg"
            hidden
            onChange={(event) => {
              const [chosen] = event.target.files ?? []
              event.target.value = ''
              if (!chosen) return
              setTrouble(undefined)
              setName(chosen.name.replace(/\.[^.]*$/, ''))
              heard(chosen)
            }}
          />
        </div>
      )}
    </div>
  )
}
