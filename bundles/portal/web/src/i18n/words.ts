import type { fr } from './fr'

/** French as a shape: texts are any text, functions take what the French ones take. */
export type Shape<T> = T extends string
  ? string
  : T extends (...given: infer G) => string
    ? (...given: G) => string
    : { readonly [K in keyof T]: Shape<T[K]> }

export type Words = Shape<typeof fr>
export type Language = 'fr' | 'en'
