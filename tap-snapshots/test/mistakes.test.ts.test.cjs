/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/mistakes.test.ts > TAP > answer used up > what explain tells 1`] = `
Answer 'fresh' is used up: it was given 1 of 1 times; the nearest endpoint is GET /token.
Begin anew with a reset, or give the endpoint an answer that is never used up
Nothing matches, so it is answered with 404.

GET /token
  ✓ path, method, enabled
  ✗ conditions: answer 'fresh' is used up: it was given 1 of 1 times
      begin anew with a reset, or give the endpoint an answer that is never used up

`

exports[`test/mistakes.test.ts > TAP > answer used up > what the 404 tells 1`] = `
Answer 'fresh' is used up: it was given 1 of 1 times; the nearest endpoint is GET /token.
Begin anew with a reset, or give the endpoint an answer that is never used up
`

exports[`test/mistakes.test.ts > TAP > base path forgotten > what explain tells 1`] = `
The path lacks '/api/v1' in front; the nearest endpoint is GET /api/v1/users/:id.
Did you mean GET /api/v1/users/:id?
Nothing matches, so it is answered with 404.

GET /api/v1/users/:id
  ✓ method, enabled
  ✗ path: the path lacks '/api/v1' in front
      put '/api/v1' in front

`

exports[`test/mistakes.test.ts > TAP > base path forgotten > what the 404 tells 1`] = `
The path lacks '/api/v1' in front; the nearest endpoint is GET /api/v1/users/:id.
Did you mean GET /api/v1/users/:id?
`

exports[`test/mistakes.test.ts > TAP > body that is no JSON > what explain tells 1`] = `
The body is 'text/plain', not JSON, and body /customer/id is missing, expected 7; the request came as 'text/plain', so that its body is not taken apart; the nearest endpoint is POST /orders.
Send the header content-type: application/json and set /customer/id of the body to 7
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, method, enabled
  ✗ conditions: the body is 'text/plain', not JSON
      send the header content-type: application/json
  ✗ conditions: body /customer/id is missing, expected 7; the request came as 'text/plain', so that its body is not taken apart
      set /customer/id of the body to 7

`

exports[`test/mistakes.test.ts > TAP > body that is no JSON > what the 404 tells 1`] = `
The body is 'text/plain', not JSON, and body /customer/id is missing, expected 7; the request came as 'text/plain', so that its body is not taken apart; the nearest endpoint is POST /orders.
Send the header content-type: application/json and set /customer/id of the body to 7
`

exports[`test/mistakes.test.ts > TAP > endpoint disabled > what explain tells 1`] = `
GET /beta is disabled.
Enable it: take "enabled": false away from GET /beta
Nothing matches, so it is answered with 404.

GET /beta
  ✓ path, method
  ✗ enabled: GET /beta is disabled
      enable it

`

exports[`test/mistakes.test.ts > TAP > endpoint disabled > what the 404 tells 1`] = `
GET /beta is disabled.
Enable it: take "enabled": false away from GET /beta
`

exports[`test/mistakes.test.ts > TAP > extra member > what explain tells 1`] = `
Body /coupon is 'X', expected none; the nearest endpoint is POST /orders.
Take /coupon out of the body
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, method, enabled
  ✗ conditions: body /coupon is 'X', expected none
      take /coupon out of the body

`

exports[`test/mistakes.test.ts > TAP > extra member > what the 404 tells 1`] = `
Body /coupon is 'X', expected none; the nearest endpoint is POST /orders.
Take /coupon out of the body
`

exports[`test/mistakes.test.ts > TAP > missing cookie > what explain tells 1`] = `
Cookie session is missing, expected any value; the nearest endpoint is POST /orders.
Send the cookie 'session'
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, method, enabled
  ✗ conditions: cookie session is missing, expected any value
      send the cookie 'session'

`

exports[`test/mistakes.test.ts > TAP > missing cookie > what the 404 tells 1`] = `
Cookie session is missing, expected any value; the nearest endpoint is POST /orders.
Send the cookie 'session'
`

exports[`test/mistakes.test.ts > TAP > missing header > what explain tells 1`] = `
Header x-tenant is missing, expected 'acme'; the nearest endpoint is POST /orders.
Send the header x-tenant: acme
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, method, enabled
  ✗ conditions: header x-tenant is missing, expected 'acme'
      send the header x-tenant: acme

`

exports[`test/mistakes.test.ts > TAP > missing header > what the 404 tells 1`] = `
Header x-tenant is missing, expected 'acme'; the nearest endpoint is POST /orders.
Send the header x-tenant: acme
`

exports[`test/mistakes.test.ts > TAP > missing member > what explain tells 1`] = `
Body /customer/id is missing, expected 7; the nearest endpoint is POST /orders.
Set /customer/id of the body to 7
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, method, enabled
  ✗ conditions: body /customer/id is missing, expected 7
      set /customer/id of the body to 7

`

exports[`test/mistakes.test.ts > TAP > missing member > what the 404 tells 1`] = `
Body /customer/id is missing, expected 7; the nearest endpoint is POST /orders.
Set /customer/id of the body to 7
`

exports[`test/mistakes.test.ts > TAP > missing query parameter > what explain tells 1`] = `
Query dry_run is missing, expected 'true'; the nearest endpoint is POST /orders.
Add dry_run=true to the query
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, method, enabled
  ✗ conditions: query dry_run is missing, expected 'true'
      add dry_run=true to the query

`

exports[`test/mistakes.test.ts > TAP > missing query parameter > what the 404 tells 1`] = `
Query dry_run is missing, expected 'true'; the nearest endpoint is POST /orders.
Add dry_run=true to the query
`

exports[`test/mistakes.test.ts > TAP > other operation of the path > what explain tells 1`] = `
The request has 'x-target: Creat', expected 'x-target: Create'.
Add x-target: Create to the headers
Nothing matches, so it is answered with 404.

POST / {x-target: Create}  POST /
  ✓ path, method, enabled
  ✗ headers: the request has 'x-target: Creat', expected 'x-target: Create'
      add x-target: Create to the headers

`

exports[`test/mistakes.test.ts > TAP > other operation of the path > what the 404 tells 1`] = `
The request has 'x-target: Creat', expected 'x-target: Create'.
Add x-target: Create to the headers
`

exports[`test/mistakes.test.ts > TAP > scenario in another state > what explain tells 1`] = `
The scenario 'cart' is in the state 'empty', expected 'filled'; the nearest endpoint is POST /pay.
Put the scenario 'cart' into the state 'filled'
Nothing matches, so it is answered with 404.

POST /pay
  ✓ path, method, enabled
  ✗ conditions: the scenario 'cart' is in the state 'empty', expected 'filled'
      put the scenario 'cart' into the state 'filled'

`

exports[`test/mistakes.test.ts > TAP > scenario in another state > what the 404 tells 1`] = `
The scenario 'cart' is in the state 'empty', expected 'filled'; the nearest endpoint is POST /pay.
Put the scenario 'cart' into the state 'filled'
`

exports[`test/mistakes.test.ts > TAP > segment too many > what explain tells 1`] = `
Segment 3, 'profile', is one too many; the nearest endpoint is GET /users/:id.
Did you mean GET /users/:id?
Nothing matches, so it is answered with 404.

GET /users/:id
  ✓ method, enabled
  ✗ path: segment 3, 'profile', is one too many
      leave '/profile' out

`

exports[`test/mistakes.test.ts > TAP > segment too many > what the 404 tells 1`] = `
Segment 3, 'profile', is one too many; the nearest endpoint is GET /users/:id.
Did you mean GET /users/:id?
`

exports[`test/mistakes.test.ts > TAP > sequence over > what explain tells 1`] = `
The sequence is over: 1 of 1 answers have been given; the nearest endpoint is GET /steps.
Begin anew with a reset, or give the endpoint an answer that is never used up
Nothing matches, so it is answered with 404.

GET /steps
  ✓ path, method, enabled
  ✗ conditions: the sequence is over: 1 of 1 answers have been given
      begin anew with a reset, or give the endpoint an answer that is never used up

`

exports[`test/mistakes.test.ts > TAP > sequence over > what the 404 tells 1`] = `
The sequence is over: 1 of 1 answers have been given; the nearest endpoint is GET /steps.
Begin anew with a reset, or give the endpoint an answer that is never used up
`

exports[`test/mistakes.test.ts > TAP > slash at the end > what explain tells 1`] = `
The path has a '/' at its end, which is not configured; the nearest endpoint is POST /orders.
Did you mean POST /orders?
Nothing matches, so it is answered with 404.

POST /orders
  ✓ method, enabled
  ✗ path: the path has a '/' at its end, which is not configured
      leave the '/' at the end out

`

exports[`test/mistakes.test.ts > TAP > slash at the end > what the 404 tells 1`] = `
The path has a '/' at its end, which is not configured; the nearest endpoint is POST /orders.
Did you mean POST /orders?
`

exports[`test/mistakes.test.ts > TAP > too often > what explain tells 1`] = `
POST /orders answers with 201.

POST /orders
  ✓ path, method, enabled

`

exports[`test/mistakes.test.ts > TAP > too seldom > what explain tells 1`] = `
POST /orders answers with 201.

POST /orders
  ✓ path, method, enabled

`

exports[`test/mistakes.test.ts > TAP > typo in the path > what explain tells 1`] = `
Segment 1 is 'ordres', expected 'orders'; the nearest endpoint is POST /orders.
Did you mean POST /orders?
Nothing matches, so it is answered with 404.

POST /orders
  ✓ method, enabled
  ✗ path: segment 1 is 'ordres', expected 'orders'
      change 'ordres' to 'orders'

`

exports[`test/mistakes.test.ts > TAP > typo in the path > what the 404 tells 1`] = `
Segment 1 is 'ordres', expected 'orders'; the nearest endpoint is POST /orders.
Did you mean POST /orders?
`

exports[`test/mistakes.test.ts > TAP > upper case in the path > what explain tells 1`] = `
Segment 1 is 'Users', expected 'users' (upper and lower case differ); the nearest endpoint is GET /users/:id.
Did you mean GET /users/:id?
Nothing matches, so it is answered with 404.

GET /users/:id
  ✓ method, enabled
  ✗ path: segment 1 is 'Users', expected 'users' (upper and lower case differ)
      change 'Users' to 'users'

`

exports[`test/mistakes.test.ts > TAP > upper case in the path > what the 404 tells 1`] = `
Segment 1 is 'Users', expected 'users' (upper and lower case differ); the nearest endpoint is GET /users/:id.
Did you mean GET /users/:id?
`

exports[`test/mistakes.test.ts > TAP > wrong header value > what explain tells 1`] = `
Header x-tenant is 'globex', expected 'acme'; the nearest endpoint is POST /orders.
Send the header x-tenant: acme
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, method, enabled
  ✗ conditions: header x-tenant is 'globex', expected 'acme'
      send the header x-tenant: acme

`

exports[`test/mistakes.test.ts > TAP > wrong header value > what the 404 tells 1`] = `
Header x-tenant is 'globex', expected 'acme'; the nearest endpoint is POST /orders.
Send the header x-tenant: acme
`

exports[`test/mistakes.test.ts > TAP > wrong length of a list > what explain tells 1`] = `
Body /items has a length of 1, expected 2; the nearest endpoint is POST /orders.
Let /items of the body have a length of 2
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, method, enabled
  ✗ conditions: body /items has a length of 1, expected 2
      let /items of the body have a length of 2

`

exports[`test/mistakes.test.ts > TAP > wrong length of a list > what the 404 tells 1`] = `
Body /items has a length of 1, expected 2; the nearest endpoint is POST /orders.
Let /items of the body have a length of 2
`

exports[`test/mistakes.test.ts > TAP > wrong method > what explain tells 1`] = `
/orders is served for POST, not for PUT.
Use POST, or add PUT to the methods of POST /orders
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, enabled
  ✗ method: /orders is served for POST, not for PUT
      use POST

`

exports[`test/mistakes.test.ts > TAP > wrong method > what the 404 tells 1`] = `
/orders is served for POST, not for PUT.
Use POST, or add PUT to the methods of POST /orders
`

exports[`test/mistakes.test.ts > TAP > wrong nested body value > what explain tells 1`] = `
Body /items/0/sku is 'A2', expected 'A1'; the nearest endpoint is POST /orders.
Set /items/0/sku of the body to 'A1'
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, method, enabled
  ✗ conditions: body /items/0/sku is 'A2', expected 'A1'
      set /items/0/sku of the body to 'A1'

`

exports[`test/mistakes.test.ts > TAP > wrong nested body value > what the 404 tells 1`] = `
Body /items/0/sku is 'A2', expected 'A1'; the nearest endpoint is POST /orders.
Set /items/0/sku of the body to 'A1'
`

exports[`test/mistakes.test.ts > TAP > wrong order > what explain tells 1`] = `
POST /login answers with 200.

POST /login
  ✓ path, method, enabled

`

exports[`test/mistakes.test.ts > TAP > wrong query parameter > what explain tells 1`] = `
Query dry_run is 'yes', expected 'true'; the nearest endpoint is POST /orders.
Add dry_run=true to the query
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, method, enabled
  ✗ conditions: query dry_run is 'yes', expected 'true'
      add dry_run=true to the query

`

exports[`test/mistakes.test.ts > TAP > wrong query parameter > what the 404 tells 1`] = `
Query dry_run is 'yes', expected 'true'; the nearest endpoint is POST /orders.
Add dry_run=true to the query
`

exports[`test/mistakes.test.ts > TAP > wrong scope > what explain tells 1`] = `
POST /orders answers with 201.

POST /orders
  ✓ path, method, enabled

`

exports[`test/mistakes.test.ts > TAP > wrong type > what explain tells 1`] = `
Body /customer/id is '7', expected 7; the nearest endpoint is POST /orders.
Set /customer/id of the body to 7
Nothing matches, so it is answered with 404.

POST /orders
  ✓ path, method, enabled
  ✗ conditions: body /customer/id is '7', expected 7
      set /customer/id of the body to 7

`

exports[`test/mistakes.test.ts > TAP > wrong type > what the 404 tells 1`] = `
Body /customer/id is '7', expected 7; the nearest endpoint is POST /orders.
Set /customer/id of the body to 7
`
