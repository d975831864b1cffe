import { MOCK_ERR_DELIVERY_TIMEOUT } from '../errors.ts'
import { fitsDelivery, type Delivery, type DeliveryFilter } from './delivery.ts'

interface Waiter {
  filter: DeliveryFilter
  resolve (delivery: Delivery): void
}

const NEAREST = 3

/** Those who wait for a delivery to be settled. */
export function createDeliveryWaiters () {
  const waiters = new Set<Waiter>()
  return {
    get isEmpty () { return waiters.size === 0 },
    /** Shows a settled delivery to all who wait. */
    offer (delivery: Delivery): void {
      for (const { filter, resolve } of waiters) if (fitsDelivery({ ...delivery, url: delivery.request.url }, filter)) resolve(delivery)
    },
    /** @param known all deliveries, for the message when none fits in time */
    wait: (filter: DeliveryFilter, timeout: number, known: () => Delivery[]): Promise<Delivery> => new Promise((resolve, reject) => {
      const waiter: Waiter = {
        filter,
        resolve (delivery) {
          clearTimeout(timer)
          waiters.delete(waiter)
          resolve(delivery)
        }
      }
      const timer = setTimeout(() => {
        waiters.delete(waiter)
        reject(new MOCK_ERR_DELIVERY_TIMEOUT(describe(filter), timeout, describeKnown(known())))
      }, timeout)
      waiters.add(waiter)
    })
  }
}

/** `fitting name onData, state delivered` */
function describe (filter: DeliveryFilter): string {
  const keys = Object.entries(filter).filter(([, value]) => value !== undefined)
  return keys.length === 0 ? 'at all' : `fitting ${keys.map(([key, value]) => `${key} ${value}`).join(', ')}`
}

function describeKnown (deliveries: readonly Delivery[]): string {
  if (deliveries.length === 0) return 'There was none'
  const told = deliveries.slice(-NEAREST).map(({ seq, name, state, request, attempts }) =>
    `#${seq} ${name} to ${request.url} is ${state}${attempts.length > 0 ? ` after ${attempts.length} attempt${attempts.length === 1 ? '' : 's'}` : ''}`)
  return `There ${deliveries.length === 1 ? 'is one' : `are ${deliveries.length}`}: ${told.join('; ')}`
}
