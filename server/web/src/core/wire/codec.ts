/**
 * From values with text in them to what CBOR carries, and back. One description of a body gives its type, its writer and its reader, so
 * that the three can't drift apart. What is not there is `null` here and left out on the wire.
 */
import { decode, encode } from "cborg"
import { type Bytes, fromHex, fromUuid, hex, uuid } from "../bytes.ts"

/** Bytes from outside have another form than was agreed. */
export class Misread extends Error {
    override name = "Misread"
}

export interface Codec<T> {
    write(value: T): unknown
    read(value: unknown): T
    /** What is left out on the wire. */
    absent?: { readonly value: T; is(value: T): boolean } | undefined
}

export type Of<C> = C extends { read(value: unknown): infer T } ? T : never

/** A codec of whatever it may be. */
interface Some {
    write(value: never): unknown
    read(value: unknown): unknown
    absent?: { readonly value: unknown; is(value: never): boolean } | undefined
}

type Named = Record<string, Some>

function expect<T>(what: string, is: (value: unknown) => value is T): (value: unknown) => T {
    return (value) => {
        if (!is(value)) throw new Misread(`expected ${what}`)
        return value
    }
}

const isBytes = (value: unknown): value is Bytes => value instanceof Uint8Array

export const bytes: Codec<Bytes> = { write: (value) => value, read: expect("bytes", isBytes) }

export const string: Codec<string> = {
    write: (value) => value,
    read: expect("text", (value): value is string => typeof value === "string"),
}

export const int: Codec<number> = {
    write: (value) => value,
    read: expect("a whole number", (value): value is number => Number.isSafeInteger(value)),
}

export const flag: Codec<boolean> = {
    write: (value) => value,
    read: expect("yes or no", (value): value is boolean => typeof value === "boolean"),
}

export const id: Codec<string> = { write: fromUuid, read: (value) => uuid(bytes.read(value)) }

/** Bytes of one length, as text in hexadecimal. */
export function fixed(length: number): Codec<string> {
    const measured = (value: Bytes): Bytes => {
        if (value.length !== length) throw new Misread(`expected ${length} bytes`)
        return value
    }
    return { write: (text) => measured(fromHex(text)), read: (value) => hex(measured(bytes.read(value))) }
}

/** A word is not checked: a newer server may know more of them. */
export function word<W extends string>(): Codec<W> {
    return string as Codec<string> as Codec<W>
}

export function list<T>(item: Codec<T>): Codec<T[]> {
    const read = expect("a list", (value): value is unknown[] => Array.isArray(value))
    return { write: (items) => items.map((each) => item.write(each)), read: (value) => read(value).map(item.read) }
}

export function record<T>(item: Codec<T>): Codec<Record<string, T>> {
    const each = <A, B>(entries: object, map: (value: A) => B): Record<string, B> =>
        Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, map(value as A)]))
    return {
        write: (value) => each(value, item.write),
        read: (value) => each(object(value), item.read),
    }
}

/** Left out where it is `null`. */
export function maybe<T>(inner: Codec<T>): Codec<T | null> {
    return {
        write: (value) => (value === null ? null : inner.write(value)),
        read: (value) => (value === null || value === undefined ? null : inner.read(value)),
        absent: { value: null, is: (value) => value === null },
    }
}

/** Left out where it is empty. */
export function some<T>(item: Codec<T>): Codec<T[]> {
    return { ...list(item), absent: { value: [], is: (items) => items.length === 0 } }
}

/** Left out where it is this. */
export function unless<T>(inner: Codec<T>, value: T): Codec<T> {
    return { ...inner, absent: { value, is: (other) => other === value } }
}

/** What is left out reads as this, and yet is always written. */
export function otherwise<T>(inner: Codec<T>, value: T): Codec<T> {
    return { ...inner, absent: { value, is: () => false } }
}

type Struct<F> = { [K in keyof F]: Of<F[K]> }

const object = expect("a map", (value): value is Record<string, unknown> => {
    return typeof value === "object" && value !== null && !Array.isArray(value) && !isBytes(value)
})

/** Fields in the order in which the server writes them. A field that is not known is passed over. */
export function struct<F extends Named>(fields: F): Codec<Struct<F>> {
    const known = Object.entries(fields) as [string, Codec<unknown>][]
    return {
        write(value) {
            const from = value as Record<string, unknown>
            const kept = known.filter(([name, codec]) => !codec.absent?.is(from[name]))
            return Object.fromEntries(kept.map(([name, codec]) => [name, codec.write(from[name])]))
        },
        read(value) {
            const from = object(value)
            return Object.fromEntries(known.map(([name, codec]) => [name, field(from[name], name, codec)])) as Struct<F>
        },
    }
}

function field(value: unknown, name: string, codec: Codec<unknown>): unknown {
    if (value === undefined && codec.absent) return codec.absent.value
    try {
        return codec.read(value)
    } catch (error) {
        throw error instanceof Misread ? new Misread(`${name}: ${error.message}`) : error
    }
}

type Variant<F> = { [K in keyof F]: { [N in K]: Of<F[K]> } }[keyof F]

/** One of several forms, under its name. */
export function oneOf<F extends Named>(forms: F): Codec<Variant<F>> {
    const form = (value: object): [string, Codec<unknown>, unknown] => {
        const [name, content] = Object.entries(value)[0] ?? ["", undefined]
        const codec = forms[name] as Codec<unknown> | undefined
        if (!codec) throw new Misread(`there is no form called ${name}`)
        return [name, codec, content]
    }
    return {
        write(value) {
            const [name, codec, content] = form(value as object)
            return { [name]: codec.write(content) }
        },
        read(value) {
            const [name, codec, content] = form(object(value))
            return { [name]: field(content, name, codec) } as Variant<F>
        },
    }
}

export function toCbor<T>(codec: Codec<T>, value: T): Bytes {
    // Keys stay in their order, as the server writes them.
    return encode(codec.write(value), { mapSorter: () => 0 }) as Bytes
}

export function fromCbor<T>(codec: Codec<T>, from: Uint8Array): T {
    let value: unknown
    try {
        value = decode(from)
    } catch (error) {
        throw new Misread(String(error))
    }
    return codec.read(value)
}
