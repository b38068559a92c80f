import { useCallback, useState } from 'react'
import { Trouble } from '../api/trouble'
import { CutShort, FileGone, Stopped, type Progress, type Watch } from '../api/upload'
import { useWords } from '../i18n'
import { Button } from './controls'
import { Announce, Notice, TroubleNotice } from './notice'

/** The last quarter that is behind: 0, 25, 50, 75 or 100. Whoever hears it is told four times, not of each percent. */
export const quarterOf = ({ sent, of }: Progress): number => (of === 0 ? 0 : Math.floor((sent * 4) / of) * 25)

/** One file at a time on its way: how far it is, and how it is stopped. */
export function useUpload() {
  const [progress, setProgress] = useState<Progress>()
  const [control, setControl] = useState<AbortController>()
  /** @throws what sending throws */
  const run = useCallback(async <T,>(what: (watch: Watch) => Promise<T>): Promise<T> => {
    const begun = new AbortController()
    setControl(begun)
    try {
      return await what({ signal: begun.signal, onProgress: setProgress })
    } finally {
      setProgress(undefined)
      setControl(undefined)
    }
  }, [])
  return { progress, run, stop: () => control?.abort() }
}

/** How much has left, with a way to stop it as long as not all has: what has arrived whole is no more this screen's to take back. */
export function UploadBar({ name, progress, onStop }: { name: string; progress: Progress | undefined; onStop: () => void }) {
  const { w, f } = useWords()
  if (!progress) return null
  const { sent, of } = progress
  const whole = sent >= of
  const quarter = quarterOf(progress)
  return (
    <div className="upload">
      <div className="upload-head">
        <p className="upload-name">
          <bdi>{name}</bdi>{' '}
          <span className="quiet figures">{whole ? w.upload.arrived : w.upload.sent(f.percent(of === 0 ? 0 : sent / of), w.imports.size(sent), w.imports.size(of))}</span>
        </p>
        {!whole && (
          <Button size="small" onPress={onStop}>
            {w.upload.stop}
          </Button>
        )}
      </div>
      <progress className="upload-bar" max={of} value={sent} aria-label={w.upload.label(name)} />
      <Announce>{quarter > 0 ? (whole ? w.upload.arrived : w.upload.quarter(f.n(quarter))) : ''}</Announce>
    </div>
  )
}

/** What went wrong while a file was sent; it is still chosen, and can be sent again. */
export function UploadTrouble({ trouble, retry }: { trouble: unknown; retry: () => void }) {
  const { w } = useWords()
  if (trouble instanceof FileGone) {
    return (
      <Notice tone="bad" title={w.imports.gone} live>
        <p>{w.imports.goneCure}</p>
      </Notice>
    )
  }
  if (trouble instanceof Stopped || trouble instanceof CutShort) {
    const words = trouble instanceof Stopped ? w.upload.stopped : w.upload.cut
    return (
      <Notice tone={trouble instanceof Stopped ? 'plain' : 'bad'} title={words.what} live>
        <p>{words.kept}</p>
        <Button size="small" onPress={retry}>
          {w.upload.again}
        </Button>
      </Notice>
    )
  }
  // What was refused is refused again.
  return <TroubleNotice trouble={trouble} retry={trouble instanceof Trouble && trouble.passes ? retry : undefined} />
}
