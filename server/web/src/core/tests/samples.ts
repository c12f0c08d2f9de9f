/** What tests write about: a leaking tap in a flat, and what wasm it takes. */
import { initializeWasm, isWasmInitialized } from "@automerge/automerge/slim"
import { readFileSync } from "node:fs"
import type { Edit } from "../edit.ts"
import { entryId } from "../id.ts"
import type { Entry } from "../store/entry.ts"
import type { Template } from "../template.ts"
import { timestampOf } from "../time.ts"

export const LI = uuidOf(2)
export const DISPATCHER = uuidOf(1)

/** Reads the wasm from where the package manager put it. */
export async function startAutomerge(): Promise<void> {
    if (isWasmInitialized()) return
    const path = "../../../node_modules/@automerge/automerge/dist/automerge.wasm"
    await initializeWasm(readFileSync(new URL(path, import.meta.url)))
}

export function uuidOf(number: number): string {
    return `00000000-0000-0000-0000-${number.toString(16).padStart(12, "0")}`
}

export function job(number: number): string {
    return uuidOf(0x100 + number)
}

export function at(second: number): string {
    return timestampOf((1_790_000_000 + second) * 1_000_000)
}

export function entry(number: number): string {
    return entryId(new Uint8Array(10).fill(number))
}

export function open(job: string): Edit {
    const meta = {
        job,
        number: "WX-20261122-0007",
        outlet: uuidOf(8),
        report: uuidOf(9),
        template: "home_repair",
        template_version: 1,
        currency: "CNY" as const,
        reported_at: at(0),
        opened_by: DISPATCHER,
    }
    const report = { name: "王芳", phone: "13800001234", address: "幸福路 12 号 3-402", fault: "厨房水龙头漏水" }
    return { edit: "open", meta, report }
}

export function note(step: string, text: string): Edit {
    return { edit: "note", step, text }
}

export function done(step: string, second = 5): Edit {
    return { edit: "mark", step, mark: { kind: "done", by: LI, at: at(second) } }
}

export function alarm(): Edit {
    return { edit: "alarm", id: entry(9), alarm: { reason: "客户拦住不让走", by: LI, at: at(5) } }
}

/** The checklist of the product, as the server would give it. */
export function homeRepair(): Template {
    return JSON.parse(homeRepairJson())
}

export function checklist(): Entry {
    return { entry: "reference", kind: "template", version: 1, json: homeRepairJson() }
}

function homeRepairJson(): string {
    const path = "../../../../../schema/data/home_repair.v1.json"
    return readFileSync(new URL(path, import.meta.url), "utf8")
}
