import type { DeliveryFilter } from '../webhook/delivery.ts'
import type { Dispatcher } from '../webhook/dispatcher.ts'

/** The deliveries of one scope: others are neither seen nor cancelled, and what is sent is sent for it. */
export function viewDeliveries (dispatcher: Dispatcher, scope: string): Pick<Dispatcher, 'dispatch' | 'list' | 'waitFor' | 'clear'> {
  const narrowed = (filter: DeliveryFilter = {}): DeliveryFilter => ({ ...filter, scope })
  return {
    dispatch: job => dispatcher.dispatch({ ...job, scope }),
    list: filter => dispatcher.list(narrowed(filter)),
    waitFor: (filter, options) => dispatcher.waitFor(narrowed(filter), options),
    clear: () => dispatcher.clear({ scope })
  }
}
