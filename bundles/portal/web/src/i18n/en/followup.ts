import type { Plain } from '../format'

const s = (n: number, one: string, many: string) => (n === 1 ? one : many)

export const foresight = {
  leaves: (d: string) => `all has left within ${d}`,
  leavesBetween: (least: string, most: string) => `all has left within ${least} to ${most}`,
  calls: (least: string, most: string, lines: Plain) => `calls: ${least} to ${most}, on ${lines} lines`,
  rate: (n: Plain) => `${n} a second at most`,
  upTo: (n: Plain) => `${n} at most`,
  begins: (d: string) => `begins ${d} after the launch at the latest`,
  until: (d: string) => `answers are waited for until ${d} after the launch at the latest`,
  over: (d: string) => `over ${d} after the launch at the latest`,
  unknown: 'Duration unknown:',
  alone: 'Reckoned from the carrier accounts of this moment, as if nothing else were leaving; further tries come on top.',
  overUnknown: 'Total duration unknown.',
}

export const unreachable = {
  title: (n: Plain, count: number) => `${n} ${s(count, 'person will', 'people will')} not be reached by any channel`,
  kind: { mobile: 'a mobile', landline: 'a landline', email: 'an e-mail address', fax: 'a fax' } as Record<string, string>,
  otherwise: (n: Plain, kind: string) => `${n} have ${kind}: a step by that channel would reach them.`,
  nowhere: (n: Plain) => `${n} have nothing at all: complete their page.`,
  who: 'See who',
  more: (n: Plain) => `and ${n} others`,
  all: (n: Plain) => `See all ${n}`,
  list: 'People no channel reaches',
  name: 'Name',
  reading: 'Reading…',
}

export const audience = {
  title: 'Who is alerted',
  own: 'The lists of the scenario',
  changed: 'Lists chosen for this launch, instead of the scenario’s own',
  none: 'No list is chosen: tick at least one.',
  change: 'Change the lists',
  keep: 'Back to the scenario’s lists',
  done: 'Done',
  hint: 'For this launch only. The scenario does not change; the journal keeps both.',
  gone: (slug: string) => `${slug} (deleted list)`,
}

export const followUp = {
  correction: 'Correct it',
  'all-clear': 'Announce the all-clear',
  title: { correction: 'Correction', 'all-clear': 'All-clear' },
  lead: {
    correction: 'A new message to the people of this alert that begins with CORRECTION. It asks nothing.',
    'all-clear': 'A new message to the people of this alert that begins with ALL CLEAR. It asks nothing.',
  },
  back: 'Back to the alert',
  ends: 'The running alert ends when this message is launched',
  endsHint: 'Nobody else gets it afterwards. Answers that are on their way still count.',
  whom: 'To whom?',
  reached: 'Whoever it may have reached',
  reachedHint: 'Answered, were delivered to, or may have got it.',
  everybody: 'All of its people',
  everybodyHint: 'Even those whom nothing reached.',
  texts: 'The text',
  textsHint: 'The same by every channel; the words it begins with are added by themselves. One text for each language of these people.',
  languages: 'Language of the text',
  reads: (n: Plain, count: number) => `${n} ${s(count, 'person', 'people')}`,
  mend: 'to be mended',
  without: (n: Plain, count: number, told: string) => `Without a text in this language, ${n} ${s(count, 'person gets', 'people get')} the one in ${told}.`,
  lacking: (languages: string) => `Languages without a text: ${languages}`,
  lackingLine: (n: Plain, count: number, language: string, told: string) => `${language}: ${n} ${s(count, 'person gets', 'people get')} the text in ${told}.`,
  go: { correction: 'Launch the correction', 'all-clear': 'Launch the all-clear' },
  hold: { correction: 'Hold to launch the CORRECTION', 'all-clear': 'Hold to launch the ALL-CLEAR' },
  confirm: { correction: 'Yes, launch the correction', 'all-clear': 'Yes, launch the all-clear' },
  sure: { correction: 'Launch the correction?', 'all-clear': 'Launch the all-clear?' },
  drill: 'Exercise: the word EXERCISE comes first.',
  of: { CORRECTION: 'Correction of the alert', ALL_CLEAR: 'All-clear of the alert' } as Record<string, string>,
  by: { CORRECTION: 'Correction sent', ALL_CLEAR: 'All-clear sent' } as Record<string, string>,
  when: (when: string, people: Plain) => `${when}, ${people} people`,
  related: 'Related messages',
}

export const kin = {
  filter: 'Show',
  kinds: { all: 'All', alert: 'Alerts', drill: 'Drills', 'follow-up': 'Corrections and all-clears', trial: 'Trials' } as Record<string, string>,
  tag: { TRIAL: 'Trial', CORRECTION: 'Correction', ALL_CLEAR: 'All-clear' } as Record<string, string>,
  trial: 'tried by one person on themselves',
  follows: (title: string, day: string) => `Follows “${title}”, ${day}`,
  followed: { CORRECTION: 'followed by a correction', ALL_CLEAR: 'followed by an all-clear' } as Record<string, string>,
  noneOfKind: 'None of this kind.',
  more: 'Show more',
  late: (n: Plain, count: number) => `${n} ${s(count, 'answer', 'answers')} came after the end, counted here`,
  despite: (n: Plain, count: number) =>
    `${n} ${s(count, 'answer by SMS came', 'answers by SMS came')} after a correction or an all-clear had left from the same number. That one asks nothing: ${s(count, 'it counts', 'they count')} for this alert.`,
  passedOn: (n: Plain, count: number) =>
    `${n} ${s(count, 'reply to this number names', 'replies to this number name')} a choice of the first alert: ${s(count, 'it counts', 'they count')} there, not here.`,
  messages: (messages: Plain, parts: Plain) => `${messages} (${parts} parts)`,
  billed: (parts: Plain) => `(${parts} parts charged for)`,
}
