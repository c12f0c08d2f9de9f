import type { Tone } from "../../design/parts.tsx"
import type { Status } from "../../core/status.ts"

/** The colour that helps to find a state; the word beside it says it. */
export function statusTone(status: Status): Tone {
    switch (status) {
        case "en_route":
        case "on_site":
        case "working":
            return "accent"
        case "tested":
        case "signed":
        case "closed":
        case "solved_remotely":
            return "good"
        case "waiting_part":
        case "waiting_customer":
        case "waiting_price":
        case "in_workshop":
        case "customer_absent":
        case "awaiting_proof":
        case "reopened":
            return "warn"
        case "cancelled":
            return "bad"
        default:
            return "info"
    }
}
