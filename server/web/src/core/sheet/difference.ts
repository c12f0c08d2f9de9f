/** What differs between the sheet as it was signed and the sheet as it is: whatever was changed after a signature shows, for ever. */
import { isSame } from "../conflict.ts"
import type { Schemas } from "../schemas.ts"
import type { Sheet } from "../sheet.ts"

/** One place of the sheet that is not as it was signed, as in `/steps/repair/mark/at`; rows of a list go by their id, not by their number. */
export type Change = Schemas["Change"]

/** Every place that changed after the signature, in the order of the path. Empty where the sheet is as it was signed. */
export function changedAfter(signed: Sheet, now: Sheet): Change[] {
    return compare("", signed, now)
}

function compare(path: string, before: unknown, after: unknown): Change[] {
    if (isSame(before, after)) return []
    const [old, fresh] = [childrenOf(before), childrenOf(after)]
    if (!old || !fresh) return [{ path, before: before ?? null, after: after ?? null }]
    const keys = [...new Set([...old.keys(), ...fresh.keys()])].sort()
    return keys.flatMap((key) => compare(`${path}/${key}`, old.get(key), fresh.get(key)))
}

/** What lies under a value, by key; none for what has nothing under it. A list without ids is one value. */
function childrenOf(value: unknown): Map<string, unknown> | undefined {
    if (!Array.isArray(value)) return typeof value === "object" && value ? new Map(Object.entries(value)) : undefined
    const named = value.map((row: unknown): [string | undefined, unknown] => [idOf(row), row])
    const isNamed = (row: [string | undefined, unknown]): row is [string, unknown] => row[0] !== undefined
    return named.every(isNamed) ? new Map(named) : undefined
}

function idOf(row: unknown): string | undefined {
    const id = typeof row === "object" && row && "id" in row ? row.id : undefined
    return typeof id === "string" ? id : undefined
}
