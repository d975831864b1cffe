/** Why something that a document refers to is not read. */
export class Refusal extends Error {
  override name = 'Refusal'
}
