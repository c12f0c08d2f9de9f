/** Which colour goes with which state; the word beside it says it. */
import type { Schemas } from "../core/schemas.ts"
import type { Tone } from "./parts.tsx"

const STATUS: Record<Schemas["Status"], Tone> = {
    reported: "warn",
    ready: "accent",
    assigned: "info",
    accepted: "info",
    appointed: "info",
    en_route: "accent",
    on_site: "accent",
    working: "accent",
    tested: "accent",
    signed: "good",
    closed: "plain",
    waiting_part: "warn",
    waiting_customer: "warn",
    waiting_price: "warn",
    in_workshop: "warn",
    customer_absent: "warn",
    awaiting_proof: "warn",
    solved_remotely: "good",
    cancelled: "plain",
    reopened: "bad",
}
const CLOCK: Record<Schemas["ClockState"], Tone> = {
    running: "plain",
    warning: "warn",
    breached: "bad",
    kept: "good",
    paused: "info",
}

export const statusTone = (status: Schemas["Status"]): Tone => STATUS[status]
export const clockTone = (state: Schemas["ClockState"]): Tone => CLOCK[state]
