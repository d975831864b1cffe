/** Tells the counters of an endpoint apart: `failure`, `fault`, or `failure/2` of its answer number 3. */
export const counterKey = (kind: 'failure' | 'fault', place: number | undefined): string => place === undefined ? kind : `${kind}/${place}`
