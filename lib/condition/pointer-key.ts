/** Whether a key of a test is a JSON pointer to a value within, and no operator. */
export const isPointer = (key: string): key is `/${string}` => key.startsWith('/')
