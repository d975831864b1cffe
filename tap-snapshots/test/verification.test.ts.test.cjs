/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > base path forgotten > message 1`] = `
expected GET /api/v1/users/:id at least once, but GET /users/7 came instead: the path lacks '/api/v1' in front

Expected at least once, seen never:
  method equals 'GET'
  path is '/api/v1/users/:id'

Nearest: #1 GET /users/7, answered 404: no endpoint matched
  ✓ method equals 'GET'
  ✗ the path lacks '/api/v1' in front
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > body that is no JSON > message 1`] = `
expected POST /orders at least once, but in #1 body /customer/id is missing, expected 7; the request came as 'text/plain', so that its body is not taken apart

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
  body /customer/id equals 7

Nearest: #1 POST /orders, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✓ path is '/orders'
  ✗ body /customer/id is missing, expected 7; the request came as 'text/plain', so that its body is not taken apart
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > extra member > message 1`] = `
expected POST /orders at least once, but in #1 body /coupon is 'X', expected none

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
  body equals { items: [{ sku: 'A1', quantity: 2 }], customer: { id: 7 } }

Nearest: #1 POST /orders, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✓ path is '/orders'
  ✗ body /coupon is 'X', expected none
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > missing cookie > message 1`] = `
expected POST /orders at least once, but in #1 cookie session is missing, expected any value

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
  cookie session exists

Nearest: #1 POST /orders, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✓ path is '/orders'
  ✗ cookie session is missing, expected any value
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > missing header > message 1`] = `
expected POST /orders at least once, but in #1 header x-tenant is missing, expected 'acme'

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
  header x-tenant equals 'acme'

Nearest: #1 POST /orders, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✓ path is '/orders'
  ✗ header x-tenant is missing, expected 'acme'
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > missing member > message 1`] = `
expected POST /orders at least once, but in #1 body /customer/id is missing, expected 7

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
  body /customer/id equals 7

Nearest: #1 POST /orders, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✓ path is '/orders'
  ✗ body /customer/id is missing, expected 7
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > missing query parameter > message 1`] = `
expected POST /orders at least once, but in #1 query dry_run is missing, expected 'true'

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
  query dry_run equals 'true'

Nearest: #1 POST /orders, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✓ path is '/orders'
  ✗ query dry_run is missing, expected 'true'
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > segment too many > message 1`] = `
expected GET /users/:id at least once, but GET /users/7/profile came instead: segment 3, 'profile', is one too many

Expected at least once, seen never:
  method equals 'GET'
  path is '/users/:id'

Nearest: #1 GET /users/7/profile, answered 404: no endpoint matched
  ✓ method equals 'GET'
  ✗ segment 3, 'profile', is one too many
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > slash at the end > message 1`] = `
expected POST /orders at least once, but POST /orders/ came instead: the path has a '/' at its end, which is not expected

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'

Nearest: #1 POST /orders/, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✗ the path has a '/' at its end, which is not expected
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > too often > message 1`] = `
expected POST /orders once, but it came twice (#1 and #2)

Expected once, seen twice:
  method equals 'POST'
  path is '/orders'

Requests, the newest first:
  #2 POST /orders, answered 201
  #1 POST /orders, answered 201
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > too seldom > message 1`] = `
expected POST /orders 3 times, but it came only once (#1)

Expected 3 times, seen once:
  method equals 'POST'
  path is '/orders'
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > typo in the path > message 1`] = `
expected POST /orders at least once, but POST /ordres came instead: segment 1 is 'ordres', expected 'orders'

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'

Nearest: #1 POST /ordres, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✗ segment 1 is 'ordres', expected 'orders'
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > wrong header value > message 1`] = `
expected POST /orders at least once, but in #1 header x-tenant is 'globex', expected 'acme'

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
  header x-tenant equals 'acme'

Nearest: #1 POST /orders, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✓ path is '/orders'
  ✗ header x-tenant is 'globex', expected 'acme'
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > wrong length of a list > message 1`] = `
expected POST /orders at least once, but in #1 body /items has a length of 1, expected 2

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
  body /items length 2

Nearest: #1 POST /orders, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✓ path is '/orders'
  ✗ body /items has a length of 1, expected 2
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > wrong method > message 1`] = `
expected POST /orders at least once, but it came as PUT /orders

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'

Nearest: #1 PUT /orders, answered 404: no endpoint matched
  ✗ method is 'PUT', expected 'POST'
  ✓ path is '/orders'
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > wrong nested body value > message 1`] = `
expected POST /orders at least once, but in #1 body /items/0/sku is 'A2', expected 'A1'

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
  body /items/0/sku equals 'A1'

Nearest: #1 POST /orders, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✓ path is '/orders'
  ✗ body /items/0/sku is 'A2', expected 'A1'
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > wrong order > message 1`] = `
expected GET /me after POST /login, but it came before it (#1, and POST /login was #2)

Expected, in this order:
  1. POST /login (#2)
  2. GET /me: missing

Requests, the newest first:
  #2 POST /login, answered 200
  #1 GET /me, answered 200
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > wrong query parameter > message 1`] = `
expected POST /orders at least once, but in #1 query dry_run is 'yes', expected 'true'

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
  query dry_run equals 'true'

Nearest: #1 POST /orders, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✓ path is '/orders'
  ✗ query dry_run is 'yes', expected 'true'
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > wrong scope > message 1`] = `
expected POST /orders at least once, but it came outside of any scope (#1)

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
`

exports[`test/verification.test.ts > TAP > each of the usual mistakes is named in the first line > wrong type > message 1`] = `
expected POST /orders at least once, but in #1 body /customer/id is '7', expected 7

Expected at least once, seen never:
  method equals 'POST'
  path is '/orders'
  body /customer/id equals 7

Nearest: #1 POST /orders, answered 404: no endpoint matched
  ✓ method equals 'POST'
  ✓ path is '/orders'
  ✗ body /customer/id is '7', expected 7
`
