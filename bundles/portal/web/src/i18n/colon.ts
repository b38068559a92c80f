/** What others wrote, inside a text of ours: whatever marks of direction it holds end with it (Unicode UAX 9, isolates). */
export const apart = (written: string): string => `\u2068${written}\u2069`

/** A name before what it names: French sets a space before the colon, English none. */
export const named = (w: { readonly locale: string }, name: string, what: string): string => `${name}${w.locale.startsWith('fr') ? '\u00A0' : ''}: ${what}`
