import type { Box, PeopleMap as SaidPeopleMap } from '#schema'

/** What is taken in may leave parts out, says the description; what is answered never does, nor do we. */
export type Place = { latitude: number; longitude: number }
export type Circle = { centre: Place; radiusMetres: number }
export type Area = { polygon: Place[]; circle?: Circle | undefined }
export type Cell = { centre: Place; people: number }
export type PeopleMap = Omit<SaidPeopleMap, 'cells'> & { cells: Cell[] }
export type { Box }
