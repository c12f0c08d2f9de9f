/** Bytes and their forms as text. Ids, hashes, actors, keys and signatures are text everywhere in here, and bytes on the wire and in records. */

import { sha256 as digest } from "@noble/hashes/sha2.js"

export type Bytes = Uint8Array<ArrayBuffer>

const DIGITS = "0123456789abcdef"

export function hex(bytes: Uint8Array): string {
    let text = ""
    for (const byte of bytes) text += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15)
    return text
}

/** Throws where the text is not hexadecimal. */
export function fromHex(text: string): Bytes {
    if (!/^([0-9a-f]{2})*$/i.test(text)) throw new TypeError("not hexadecimal")
    const bytes = new Uint8Array(text.length / 2)
    for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16)
    return bytes
}

/** A UUID as people and URLs write it. */
export function uuid(bytes: Uint8Array): string {
    if (bytes.length !== 16) throw new TypeError("an id has 16 bytes")
    return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}

export function fromUuid(text: string): Bytes {
    const bytes = fromHex(text.replaceAll("-", ""))
    if (bytes.length !== 16) throw new TypeError("an id has 16 bytes")
    return bytes
}

/** A UUIDv7: the time in its first 48 bits, 10 random bytes in the rest. */
export function newUuid(micros: number, random: Uint8Array): string {
    const bytes = new Uint8Array(16)
    let millis = Math.max(0, Math.floor(micros / 1000))
    for (let at = 5; at >= 0; at--) {
        bytes[at] = millis % 256
        millis = Math.floor(millis / 256)
    }
    bytes.set(random.subarray(0, 10), 6)
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    return uuid(bytes)
}

export function base64(bytes: Uint8Array): string {
    let text = ""
    // A string from all bytes at once would be too many arguments.
    for (const byte of bytes) text += String.fromCharCode(byte)
    return btoa(text)
}

export function fromBase64(text: string): Bytes {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0))
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
    let at = 0
    for (const part of parts) {
        whole.set(part, at)
        at += part.length
    }
    return whole
}

/** A whole number as eight bytes, the highest first. */
export function bigEndian(number: number): Bytes {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigInt64(0, BigInt(number))
    return bytes
}

export function text(content: string): Bytes {
    return new TextEncoder().encode(content)
}

/** SHA-256 in hexadecimal, at once: for the little that a sync hashes. */
export function sha256(...parts: readonly Uint8Array[]): string {
    return hex(digest(concat(...parts)))
}

/** The same by the browser's own means: for photos. */
export async function sha256Of(bytes: Bytes): Promise<string> {
    return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))
}

export function isEqual(one: Uint8Array, other: Uint8Array): boolean {
    return one.length === other.length && one.every((byte, at) => byte === other[at])
}
