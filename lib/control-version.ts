/** Grows when mock control changes so that older clients cannot speak with it any more. */
export const CONTROL_VERSION = 1
