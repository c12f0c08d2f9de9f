/** Where the things of a take-back receipt are: the product with us, the loaner with the customer, or home. */
import type { EntryId } from "./id.ts"
import type { HandBackKind, JobRecord } from "./record.ts"

export interface Out {
    product: boolean
    loaner: boolean
}

/** After these hand-backs of one receipt. */
export function outAfter(lent: boolean, ended: HandBackKind[]): Out {
    return {
        product: ended.every((kind) => kind === "loaner"),
        loaner: lent && ended.every((kind) => kind === "product"),
    }
}

/** Where the receipt's things are; `but`: as if that hand-back were not there. */
export function outOf(record: JobRecord, receipt: EntryId, but?: EntryId): Out {
    const taken = record.take_backs[receipt]
    if (!taken) return { product: false, loaner: false }
    const ended = Object.entries(record.hand_backs).filter(([id, end]) => end.receipt === receipt && id !== but)
    return outAfter(
        taken.loaner != null,
        ended.map(([, end]) => end.kind),
    )
}
