/**
 * Moments, as JSON writes them: RFC 3339 in UTC with as many digits as are needed, `2026-11-22T08:30:00Z`, `…:00.5Z` never. The record's
 * document holds whole microseconds; `timestampOf` and `microsOf` lead over, and nothing else may write a moment, because hashes are taken
 * over the text. Nothing here reads a clock.
 */
import type { Schemas } from "./schemas.ts"

export type Timestamp = Schemas["Timestamp"]
export type Window = Schemas["Window"]

/** In microseconds. */
export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z: what lies outside is shown at the end. */
const YEAR_0 = -62_167_219_200_000_000n
const YEAR_9999 = 253_402_300_799_999_999n

/** The moment so many microseconds after 1970-01-01T00:00:00Z. */
export function timestampOf(micros: number | bigint): Timestamp {
    const asked = BigInt(micros)
    const held = asked < YEAR_0 ? YEAR_0 : asked > YEAR_9999 ? YEAR_9999 : asked
    const fraction = ((held % 1_000_000n) + 1_000_000n) % 1_000_000n
    const seconds = new Date(Number((held - fraction) / 1_000n)).toISOString().slice(0, 19)
    const digits = fraction.toString().padStart(6, "0")
    if (fraction === 0n) return `${seconds}Z`
    return fraction % 1_000n === 0n ? `${seconds}.${digits.slice(0, 3)}Z` : `${seconds}.${digits}Z`
}

/** Microseconds since 1970-01-01T00:00:00Z; whole up to the year 2255, where the integers of a `number` end. */
export function microsOf(at: Timestamp): number {
    const [, seconds, fraction = "", zone] = /^(.{19})(?:\.(\d+))?(.*)$/.exec(at) ?? []
    return Date.parse(`${seconds}${zone}`) * 1_000 + Number(fraction.padEnd(6, "0").slice(0, 6))
}

/** Below, at or above 0 as `one` is before, at or after `other`. Both as `timestampOf` writes them; no precision is lost. */
export function compareTimes(one: Timestamp, other: Timestamp): number {
    const [left, right] = [padded(one), padded(other)]
    return left < right ? -1 : left > right ? 1 : 0
}

function padded(at: Timestamp): string {
    return `${at.slice(0, 19)}${at.slice(20, -1).padEnd(6, "0")}`
}

/** This moment moved by `micros`. */
export function plus(at: Timestamp, micros: number): Timestamp {
    return timestampOf(microsOf(at) + micros)
}

/** Microseconds from `earlier` to `at`; negative where `earlier` is later. */
export function since(at: Timestamp, earlier: Timestamp): number {
    return microsOf(at) - microsOf(earlier)
}
