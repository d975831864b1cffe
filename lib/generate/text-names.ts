import type { Faker } from '@faker-js/faker'
import { capitalise } from '../capitalise.ts'
import type { Random } from '../random.ts'
import { date, dateTime, momentFor, time } from './moments.ts'
import type { Owner } from './place.ts'
import { createLookUp } from './words.ts'

/** What a value is made from. */
export interface Clue {
  readonly faker: Faker
  readonly random: Random
  readonly key: string
  readonly owner: Owner
}

type Make = (clue: Clue) => string

const DIGITS = '0123456789'
const HEX = '0123456789abcdef'
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const ALPHANUMERIC = `${LETTERS}${LETTERS.toUpperCase()}${DIGITS}`

/** So many characters out of an alphabet. */
export function characters (random: Random, alphabet: string, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += alphabet[random.int(0, alphabet.length - 1)]
  return text
}

/** Version 4, RFC 9562. */
export const uuid = ({ random }: Pick<Clue, 'random'>): string => {
  const hex = characters(random, HEX, 30)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${'89ab'[random.int(0, 3)]}${hex.slice(15, 18)}-${hex.slice(18, 30)}`
}

// Addresses that no one owns (RFC 2606, RFC 5737, RFC 3849): what a mock makes up must never reach anybody.
export const host = ({ faker }: Pick<Clue, 'faker'>): string => `${faker.internet.domainWord()}.example.com`
export const url = (clue: Pick<Clue, 'faker'>): string => `https://${host(clue)}/${slug(clue)}`
export const email: Make = ({ owner }) => `${owner.persona().handle}@example.com`
export const ipv4 = ({ random }: Pick<Clue, 'random'>): string => `${random.pick(['192.0.2', '198.51.100', '203.0.113'])}.${random.int(1, 254)}`
export const ipv6 = ({ random }: Pick<Clue, 'random'>): string => `2001:db8::${characters(random, '123456789abcdef', 3)}:${characters(random, '123456789abcdef', 4)}`

const slug = ({ faker }: Pick<Clue, 'faker'>): string => `${faker.word.adjective()}-${faker.word.noun()}`.toLowerCase().replace(/[^a-z-]/g, '-')
const words = ({ faker }: Clue): string => `${faker.word.adjective()} ${faker.word.noun()}`
const heading = (clue: Clue): string => capitalise(words(clue))
const sentence: Make = ({ faker }) => faker.lorem.sentence()
const street: Make = ({ faker }) => faker.location.streetAddress()
const picture: Make = ({ random }) => `https://picsum.photos/seed/${characters(random, LETTERS, 6)}/640/480`
const avatar: Make = ({ faker }) => faker.image.personPortrait()
const phone: Make = ({ random }) => `+1202555${characters(random, DIGITS, 4).replace(/^\d\d/, '01')}`
const digest = (length: number): Make => ({ random }) => characters(random, HEX, length)
const token = (length: number): Make => ({ random }) => characters(random, ALPHANUMERIC, length)
const digits = (length: number): Make => ({ random }) => characters(random, DIGITS, length)
const moment: Make = ({ key, random }) => dateTime(momentFor(key, random))
const day: Make = ({ key, random }) => date(momentFor(key, random))
const one = (...values: string[]): Make => ({ random }) => random.pick(values)
const fullName: Make = ({ owner }) => owner.persona().full
const userName: Make = ({ owner }) => owner.persona().handle
const company: Make = ({ faker }) => faker.company.name()
const product: Make = ({ faker }) => faker.commerce.productName()
const file: Make = clue => `${slug(clue)}.${clue.random.pick(['pdf', 'png', 'txt', 'csv'])}`

/** What a plain `name` or `title` is, by the kind of thing that has it. */
const nameByEntity = createLookUp<Make>({
  'user account customer client person people author owner member employee contact actor assignee assigner creator reviewer sender recipient patient student teacher driver passenger guest player attendee speaker candidate manager admin profile human subscriber follower friend cardholder beneficiary payer payee': fullName,
  'company organization organisation org business vendor supplier merchant employer brand manufacturer publisher store shop bank carrier agency': company,
  'product item article sku': product,
  'pet dog cat animal': ({ faker }) => faker.animal.petName(),
  city: ({ faker }) => faker.location.city(),
  country: ({ faker }) => faker.location.country(),
  'state region province': ({ faker }) => faker.location.state(),
  'category department': ({ faker }) => faker.commerce.department(),
  'color colour': ({ faker }) => faker.color.human(),
  currency: ({ faker }) => faker.finance.currencyName(),
  language: one('English', 'German', 'French', 'Spanish', 'Japanese'),
  book: ({ faker }) => faker.book.title(),
  'song track': ({ faker }) => faker.music.songName(),
  artist: ({ faker }) => faker.music.artist(),
  'movie film': heading,
  'repository repo project package module branch tag topic label bucket cluster namespace service image container workflow': slug,
  'file attachment document asset': file,
  airport: ({ faker }) => faker.airline.airport().name,
  airline: ({ faker }) => faker.airline.airline().name,
  'vehicle car': ({ faker }) => faker.vehicle.vehicle()
})

function nameOf ({ owner }: Clue): Make {
  for (const entity of owner.entities()) {
    const make = nameByEntity(entity)
    if (make !== undefined) return make
  }
  return heading
}

const makerByName = createLookUp<Make>({
  'name display_name label_name': clue => nameOf(clue)(clue),
  'full_name real_name legal_name contact_name customer_name author_name user_full_name owner_name cardholder_name recipient_name sender_name': fullName,
  'first_name given_name firstname forename givenname': ({ owner }) => owner.persona().first,
  'last_name family_name surname lastname familyname': ({ owner }) => owner.persona().last,
  middle_name: ({ faker }) => faker.person.middleName(),
  'username user_name login nickname nick handle screen_name': userName,
  'author owner customer assignee reviewer creator created_by updated_by sender recipient contact': fullName,
  'prefix salutation': ({ faker }) => faker.person.prefix(),
  'job job_title position occupation': ({ faker }) => faker.person.jobTitle(),
  'gender sex': one('female', 'male', 'other'),
  'bio about biography': ({ faker }) => faker.person.bio(),
  role: one('admin', 'editor', 'viewer'),
  'email email_address mail e_mail': email,
  'phone phone_number telephone mobile mobile_number cell fax msisdn tel': phone,
  'password secret passphrase': token(16),
  'avatar avatar_url profile_picture profile_image profile_image_url portrait headshot': avatar,
  'image image_url picture picture_url photo photo_url photo_urls thumbnail thumbnail_url banner banner_url cover cover_url icon_url logo logo_url': picture,

  'company company_name organization organisation organization_name employer business_name merchant_name vendor': company,
  department: ({ faker }) => faker.commerce.department(),
  'product product_name item_name': product,
  category: ({ faker }) => faker.commerce.department(),
  'brand manufacturer': company,
  sku: ({ random }) => `${characters(random, LETTERS, 3).toUpperCase()}-${characters(random, DIGITS, 5)}`,
  'ean gtin barcode': digits(13),
  isbn: ({ faker }) => faker.commerce.isbn(),
  material: ({ faker }) => faker.commerce.productMaterial(),

  'address street_address address1 address_1 address_line address_line1 address_line_1 line1 line_1 street mailing_address shipping_address billing_address': street,
  'address2 address_2 address_line2 address_line_2 line2 line_2 apartment': ({ faker }) => faker.location.secondaryAddress(),
  street_name: ({ faker }) => faker.location.street(),
  'house_number building_number street_number': ({ random }) => String(random.int(1, 250)),
  'city town locality municipality': ({ faker }) => faker.location.city(),
  'state province region county': ({ faker }) => faker.location.state(),
  'state_code province_code': ({ faker }) => faker.location.state({ abbreviated: true }),
  'zip zip_code zipcode postal_code postcode postal': ({ faker }) => faker.location.zipCode('#####'),
  'country country_name nationality': ({ faker }) => faker.location.country(),
  'country_code country_iso': ({ faker }) => faker.location.countryCode(),
  'timezone time_zone tz': one('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Africa/Nairobi'),
  locale: one('en-US', 'de-DE', 'fr-FR', 'es-ES', 'ja-JP'),
  'language lang': one('en', 'de', 'fr', 'es', 'ja'),
  'latitude lat': ({ faker }) => String(faker.location.latitude()),
  'longitude lng lon long': ({ faker }) => String(faker.location.longitude()),
  'location place': ({ faker }) => `${faker.location.city()}, ${faker.location.country()}`,

  'currency currency_code': one('USD', 'EUR', 'GBP', 'JPY', 'CHF'),
  'price amount cost total subtotal balance fee unit_price total_price': ({ random }) => (random.int(100, 50_000) / 100).toFixed(2),
  iban: ({ random }) => `DE${characters(random, DIGITS, 20)}`,
  'bic swift': ({ random }) => `${characters(random, LETTERS, 4).toUpperCase()}DEFF`,
  account_number: digits(10),
  routing_number: digits(9),
  card_number: () => '4242424242424242',
  'last4 last_4': digits(4),
  'cvc cvv': digits(3),
  payment_method: one('card', 'bank_transfer', 'wallet'),

  'url uri href link website web_site homepage home_page blog site web_url html_url callback_url redirect_uri redirect_url webhook_url self next previous prev first last': url,
  'domain domain_name host hostname host_name fqdn server': host,
  'ip ip_address ipv4 ip_v4 remote_addr remote_ip client_ip': ipv4,
  'ipv6 ip_v6': ipv6,
  'mac mac_address': ({ random }) => Array.from({ length: 6 }, () => characters(random, HEX, 2)).join(':'),
  user_agent: ({ faker }) => faker.internet.userAgent(),
  protocol: one('https', 'http'),
  'method http_method': one('GET', 'POST', 'PUT', 'DELETE'),
  'path file_path pathname': clue => `/${slug(clue)}/${slug(clue)}`,
  'file filename file_name attachment': file,
  'extension file_extension': one('pdf', 'png', 'txt', 'csv'),
  'mime_type content_type media_type mimetype': one('application/json', 'image/png', 'text/plain', 'application/pdf'),
  'encoding charset': () => 'utf-8',

  'id uid key_id external_id identifier': token(16),
  'uuid guid': uuid,
  'slug permalink': slug,
  'token access_token refresh_token id_token session_token': token(40),
  'api_key apikey key secret_key client_secret public_key private_key signature nonce': token(32),
  'hash checksum digest fingerprint sha256': digest(64),
  'sha commit_sha commit sha1 commit_id': digest(40),
  'md5 etag': digest(32),
  'node_id cursor next_cursor page_token next_page_token': token(20),
  code: ({ random }) => characters(random, LETTERS, 6).toUpperCase(),
  'reference ref order_number invoice_number tracking_number confirmation_number serial_number': ({ random }) => `${characters(random, LETTERS, 2).toUpperCase()}${characters(random, DIGITS, 8)}`,
  'version app_version tag_name': ({ random }) => `${random.int(0, 9)}.${random.int(0, 20)}.${random.int(0, 20)}`,
  'branch branch_name': slug,

  'title subject headline heading caption': clue => nameOf(clue) === product ? product(clue) : heading(clue),
  'description summary details overview excerpt abstract synopsis': clue => nameOf(clue) === product ? clue.faker.commerce.productDescription() : sentence(clue),
  'message comment note notes reason text content body remark remarks instructions question answer review feedback error_message error': sentence,
  'label tag tags topic keyword keywords': ({ faker }) => faker.word.noun(),
  status: one('active', 'pending', 'inactive'),
  'type kind': ({ faker }) => faker.word.noun(),
  'color colour': ({ faker }) => faker.color.human(),
  'hex_color color_hex color_code background_color text_color': ({ random }) => `#${characters(random, HEX, 6)}`,
  size: one('small', 'medium', 'large'),
  unit: one('kg', 'g', 'cm', 'piece'),
  'priority severity': one('low', 'medium', 'high'),
  level: one('info', 'warning', 'error'),
  'environment env': one('production', 'staging', 'development'),
  'platform os operating_system': one('linux', 'macos', 'windows', 'ios', 'android'),

  'at created_at updated_at deleted_at date_time datetime timestamp created updated modified last_modified last_login expires expiry': moment,
  'date day birthday birth_date date_of_birth dob start_date end_date due_date birthdate': day,
  time: ({ key, random }) => time(momentFor(key, random)),
  month: one('January', 'April', 'July', 'October'),
  year: ({ random }) => String(random.int(2015, 2025)),
  duration: one('PT30M', 'PT2H', 'P1D')
})

/** A text that befits a property's name; undefined when the name says nothing. */
export function textByName (clue: Clue): string | undefined {
  return makerByName(clue.key)?.(clue)
}

/** Any short text. */
export const anyText = words
