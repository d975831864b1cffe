/** What the endpoints answer: 200 bytes of JSON. */
export const PRODUCT = {
  id: 'prod_4711',
  name: 'Espresso machine, two boilers',
  price: { amount: 189900, currency: 'EUR' },
  tags: ['kitchen', 'coffee', 'steel'],
  in_stock: true,
  warehouse: { city: 'Rotterdam', shelf: 'B-17' }
}
