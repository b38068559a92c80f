import { BASE, send } from './client'
import { Trouble, type Problem } from './trouble'

/** Asks for a file with the session's token and hands it to the browser to keep. @throws Trouble */
export async function download(path: string, name: string): Promise<void> {
  const answer = await send(new Request(`${BASE}${path}`, { headers: { Accept: '*/*' } }))
  if (!answer.ok) throw Trouble.of(answer.status, (await answer.json().catch(() => undefined)) as Problem | undefined)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = name
  link.click()
  // The browser has read it by then, or never will.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
