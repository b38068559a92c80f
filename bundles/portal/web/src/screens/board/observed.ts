import type { WaveProgress } from '#schema'

/**
 * What was observed of a step's messages. A long SMS is several parts to a carrier, which says of each what became of it: where they are
 * more than the messages, they are told beside them; where nobody told messages from parts, all there is.
 */
export function observedOf(wave: Pick<WaveProgress, 'observations' | 'messages'>): { kind: string; messages: number; parts: number | undefined }[] {
  return Object.entries(wave.observations)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => {
      const messages = wave.messages[kind] ?? count
      return { kind, messages, parts: messages === count ? undefined : count }
    })
}
