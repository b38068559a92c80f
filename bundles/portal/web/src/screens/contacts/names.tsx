import type { Contact } from '../../api/contacts'
import { useWords } from '../../i18n'
import { ChannelIcon } from '../../ui/icons'
import { Plain } from '../../ui/plain'

/** The channel whose sign a kind of endpoint is shown with. */
const SIGN: Record<string, string> = { mobile: 'sms', landline: 'voice', email: 'mail', fax: 'fax', webhook: 'webhook', publication: 'publish' }

export const KINDS = Object.keys(SIGN)

/** Family name first, as lists are read. */
export const nameOf = (contact: Pick<Contact, 'firstName' | 'lastName'>): string => `${contact.lastName} ${contact.firstName}`.trim()

/** A French number as people read it out; whatever else is shown as it is. */
export const readable = (address: string): string =>
  /^\+33\d{9}$/.test(address) ? `0${address.slice(3)}`.replace(/(\d{2})(?=\d)/g, '$1\u00A0') : address

export function PersonName({ contact }: { contact: Pick<Contact, 'firstName' | 'lastName' | 'externalId'> }) {
  const { w } = useWords()
  return <Plain>{nameOf(contact) || w.contacts.unnamed(contact.externalId)}</Plain>
}

export function EndpointSign({ kind, size = 17 }: { kind: string; size?: number }) {
  return <ChannelIcon channel={SIGN[kind] ?? kind} size={size} />
}
