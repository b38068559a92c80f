import { apart } from '../colon'
import type { Plain } from '../format'

export const upload = {
  label: (name: string) => `Sending ${apart(name)}`,
  sent: (share: Plain, sent: string, of: string) => `${share} · ${sent} of ${of}`,
  quarter: (percent: Plain) => `${percent}% sent`,
  arrived: 'All of it has arrived, the server looks at it…',
  stop: 'Stop sending',
  again: 'Send it again',
  stopped: { what: 'Stopped.', kept: 'The server has kept nothing. The file is still chosen.' },
  cut: { what: 'The line broke while the file was sent.', kept: 'It has not arrived whole: the server has kept nothing of it. It is still chosen.' },
}
