/** Prices of what is not on the list: asked of the engineering supervisor, who answers within minutes. It takes a network, and nothing is kept. */
import { utf8ToBytes } from "@noble/hashes/utils.js"
import { hex } from "../bytes.ts"
import type { Schemas } from "../schemas.ts"
import { jsonOf } from "./http.ts"
import type { Phone } from "./phone.ts"
import { inSession } from "./session.ts"

export type PriceRequest = Schemas["PriceRequest"]

const pathOf = (job: string) => `/v1/jobs/${job}/price-requests`

/** What was asked for a job so far, and what was answered. */
export async function listPriceRequests(phone: Phone, job: string): Promise<PriceRequest[]> {
    const answer = await inSession(phone, { method: "GET", path: pathOf(job), isHarmlessTwice: true })
    return (await jsonOf<{ items: PriceRequest[] }>(answer)).items
}

/** Asks for the feasibility and the price of something. */
export async function askPrice(phone: Phone, job: string, text: string): Promise<PriceRequest> {
    const body = { type: "application/json", bytes: utf8ToBytes(JSON.stringify({ text })) }
    const headers = { "Idempotency-Key": hex(phone.random(16)) }
    return jsonOf(await inSession(phone, { method: "POST", path: pathOf(job), headers, body, isHarmlessTwice: true }))
}
