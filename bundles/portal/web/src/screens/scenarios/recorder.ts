/** Recording a voice in the browser, for a telephone: one channel, 16 kHz, 16 bit, as WAV (RIFF, PCM). */
const RATE = 16_000

export type Recording = { stop: () => Promise<Blob>; cancel: () => void }

/** @throws DOMException when nobody allows it, or there is no microphone */
export async function record(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } })
  const recorder = new MediaRecorder(stream)
  const pieces: Blob[] = []
  recorder.addEventListener('dataavailable', (event) => pieces.push(event.data))
  const ended = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve(), { once: true }))
  recorder.start()
  const end = async () => {
    if (recorder.state !== 'inactive') recorder.stop()
    await ended
    stream.getTracks().forEach((track) => track.stop())
  }
  return {
    stop: async () => {
      await end()
      return toWav(new Blob(pieces, { type: recorder.mimeType }))
    },
    cancel: () => void end(),
  }
}

export const canRecord = () => typeof MediaRecorder !== 'undefined' && navigator.mediaDevices?.getUserMedia !== undefined

async function toWav(sound: Blob): Promise<Blob> {
  const context = new OfflineAudioContext(1, RATE, RATE)
  const decoded = await context.decodeAudioData(await sound.arrayBuffer())
  const target = new OfflineAudioContext(1, Math.max(1, Math.ceil(decoded.duration * RATE)), RATE)
  const source = target.createBufferSource()
  source.buffer = decoded
  source.connect(target.destination)
  source.start()
  return wav((await target.startRendering()).getChannelData(0), RATE)
}

export function wav(samples: Float32Array, rate: number): Blob {
  const bytes = new DataView(new ArrayBuffer(44 + 2 * samples.length))
  const word = (at: number, text: string) => [...text].forEach((letter, index) => bytes.setUint8(at + index, letter.charCodeAt(0)))
  word(0, 'RIFF')
  bytes.setUint32(4, 36 + 2 * samples.length, true)
  word(8, 'WAVEfmt ')
  bytes.setUint32(16, 16, true)
  bytes.setUint16(20, 1, true)
  bytes.setUint16(22, 1, true)
  bytes.setUint32(24, rate, true)
  bytes.setUint32(28, rate * 2, true)
  bytes.setUint16(32, 2, true)
  bytes.setUint16(34, 16, true)
  word(36, 'data')
  bytes.setUint32(40, 2 * samples.length, true)
  samples.forEach((sample, index) => bytes.setInt16(44 + 2 * index, Math.max(-1, Math.min(1, sample)) * 0x7fff, true))
  return new Blob([bytes.buffer], { type: 'audio/wav' })
}
