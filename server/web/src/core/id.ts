/**
 * Names of things, as JSON writes them: ids are UUIDs in lower case with hyphens, hashes and actors are lower-case hex. An entry's id names
 * something inside one record: 16 characters of Crockford's base 32.
 */
import type { Schemas } from "./schemas.ts"

export type EntryId = Schemas["EntryId"]
export type Hash = Schemas["Hash"]
export type Actor = Schemas["Actor"]
export type PersonId = Schemas["PersonId"]
export type DeviceId = Schemas["DeviceId"]
export type JobId = Schemas["JobId"]
export type LinkId = Schemas["LinkId"]

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
const CHARS = 16

/** A new entry's id from 10 random bytes. */
export function entryId(random: Uint8Array): EntryId {
    const bits = random.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n)
    const digit = (_: unknown, place: number) =>
        ALPHABET.charAt(Number((bits >> BigInt((CHARS - 1 - place) * 5)) & 31n))
    return Array.from({ length: CHARS }, digit).join("")
}

export function isEntryId(text: string): boolean {
    return text.length === CHARS && [...text].every((character) => ALPHABET.includes(character))
}
