import type { Schemas } from "../../api/client.ts"

type ReportClass = Schemas["ReportClass"]

/** What has been typed, by field. */
export interface Draft {
    class: ReportClass
    channel: Schemas["Channel"]
    name: string
    phone: string
    address: string
    fault: string
    fault_class: string
    urgency: string
    product: string
    model: string
    serial: string
    purchased_on: string
    wanted: string
    area: string
    outcome: string
    answer: string
    /** The checklist of its job; that of a home repair where none is chosen. */
    template: string
    repeatedBack: boolean
    customer: Schemas["Customer"] | undefined
    /** The earlier report that this is found to repeat. */
    repeats: string | undefined
}

export const EMPTY: Draft = {
    class: "B",
    channel: "phone",
    name: "",
    phone: "",
    address: "",
    fault: "",
    fault_class: "",
    urgency: "",
    product: "",
    model: "",
    serial: "",
    purchased_on: "",
    wanted: "",
    area: "",
    outcome: "handled",
    answer: "",
    template: "",
    repeatedBack: false,
    customer: undefined,
    repeats: undefined,
}

export type Change = (change: Partial<Draft>) => void
