/** What must come before a tick or a signature: the checklist says which gates guard which step. */
import { backupWanted } from "../backup.ts"
import { acceptedQuote, dueMinor } from "../bill.ts"
import { currentMark, currentReading, currentSignOffs, isCurrent, overruled } from "../course.ts"
import type { Broken } from "../gate.ts"
import { type JobRecord, type Mark, type Reading, type SignOff, entriesOf, isFilled, latest } from "../record.ts"
import { signedSheet } from "../sheet.ts"
import {
    type Evidence,
    type Gate,
    type Stage,
    type StepTemplate,
    type Template,
    stageStep,
    stepOf,
} from "../template.ts"
import * as entry from "./entry.ts"
import { count, trimmed } from "./field.ts"

const { TOOLS_IN, TOOLS_OUT } = entry

const BACKUP_CONSENT = "backup_consent"

export function mark(record: JobRecord, template: Template, step: string, mark: Mark): Broken[] {
    const found = stepOf(template, step)
    if (!found) return entry.step(template, step)
    return markBroken(record, template, found, mark).map((broken) => ({ ...broken, step: broken.step ?? step }))
}

function markBroken(record: JobRecord, template: Template, step: StepTemplate, mark: Mark): Broken[] {
    switch (mark.kind) {
        case "open":
            return []
        case "skipped":
            return entry.reason(mark.reason)
        case "not_applicable": {
            const zh = `“${step.name.zh}”每次上门都要有，不能选“不适用”；确实没做请选“跳过”并写明原因。`
            const en = `"${step.name.en}" belongs to every visit; skip it with a reason instead.`
            return entry.unless(step.optional === true, "not_optional", zh, en)
        }
        case "done":
            // The gates were judged at the signature, and a declined one needs none.
            if (step.stage === "sign_off" && currentSignOffs(record).length > 0) return []
            return gates(record, template, step)
        case "failed":
            return gates(record, template, step)
    }
}

export function signOff(record: JobRecord, template: Template, signOff: SignOff): Broken[] {
    const step = stageStep(template, "sign_off")
    const before = signOff.kind === "signed" && step ? gates(record, template, step) : []
    const shown = signedSheet(record, template, signOff.sheet_hash) !== undefined
    const zh = "任务单内容在展示后有变动，请让客户重新查看再签。"
    const en = "The sheet is not the one that was shown; let the customer look again before signing."
    return [...entry.signOff(signOff), ...before, ...entry.unless(shown, "sheet_changed", zh, en)]
}

function gates(record: JobRecord, template: Template, step: StepTemplate): Broken[] {
    return (step.gates ?? []).flatMap((gate) => closed(record, template, gate))
}

function closed(record: JobRecord, template: Template, gate: Gate): Broken[] {
    switch (gate) {
        case "consent": {
            const zh = "动手维修前，请先报价并请客户认可；报价有变动须重新认可，保修免费的也要认可。"
            const en =
                "Quote, and get the customer's consent, before you start the repair; a changed quote needs a new consent, and so does work under warranty."
            return entry.unless(acceptedQuote(record) !== undefined, gate, zh, en)
        }
        case "tested":
            return behind(record, template, "testing", gate)
        case "cleaned_up":
            return behind(record, template, "cleanup", gate)
        case "evidence":
            return template.steps.flatMap((step) => requiredMissing(record, step))
        case "tools_complete":
            return toolsComplete(record, template)
        case "charge_agreed":
            return chargeAgreed(record, template)
        case "backup_consent": {
            const zh = "此项操作可能造成数据丢失，请先让客户签署数据备份确认。"
            const en = "This work can destroy data; have the backup consent signed first."
            // Signed where the offer was, in a checklist that does not ask for it by a step of its own.
            const place = asksByName(template) ? undefined : stepOf(template, "quote")?.id
            return backupAgreed(record, template) ? [] : [entry.broken(gate, zh, en, place)]
        }
    }
}

/** The stage's step is done (a failed test counts: it was run), or skipped with a reason. A template without it asks nothing. */
function behind(record: JobRecord, template: Template, stage: Stage, gate: Gate): Broken[] {
    const step = stageStep(template, stage)
    if (!step) return []
    const mark = currentMark(record, step.id)
    const run = mark?.kind === "done" || mark?.kind === "failed"
    const skipped = mark?.kind === "skipped" && isFilled(mark.reason)
    if (run || skipped || (mark?.kind === "not_applicable" && step.optional)) return []
    const zh = `请先完成“${step.name.zh}”再请客户签字；做不了请选“跳过”并写明原因。`
    const en = `Finish "${step.name.en}" before the customer signs, or skip it with a reason.`
    return [entry.broken(gate, zh, en, step.id)]
}

/** Evidence that the step asks for and does not have, what is required first: shown to the technician. */
export function evidenceMissing(record: JobRecord, step: StepTemplate): Evidence[] {
    const photos = Object.values(record.photos).filter((photo) => photo.step === step.id && isCurrent(record, photo.at))
    // A photo does not say which of the wanted ones it is, so they are counted off in the checklist's order.
    let photosLeft = photos.length
    const lacks = (evidence: Evidence) => {
        if (evidence.kind === "signature") return false
        return evidence.kind === "photo" ? photosLeft-- <= 0 : currentReading(record, evidence.name) === undefined
    }
    const asked = step.evidence ?? []
    const inTurn = [...asked.filter((one) => one.required), ...asked.filter((one) => !one.required)]
    return inTurn.filter(lacks)
}

function requiredMissing(record: JobRecord, step: StepTemplate): Broken[] {
    const mark = currentMark(record, step.id)
    if (isFilled(mark?.reason) || (mark?.kind === "not_applicable" && step.optional)) return []
    const required = evidenceMissing(record, step).filter((evidence) => evidence.required)
    return required.map(({ label }) => {
        const zh = `“${step.name.zh}”还缺“${label.zh}”：请补上，或在该步骤写明原因。`
        const en = `"${step.name.en}" still lacks "${label.en}": add it, or give a reason at that step.`
        return entry.broken("evidence", zh, en, step.id)
    })
}

function toolsComplete(record: JobRecord, template: Template): Broken[] {
    const out = currentReading(record, TOOLS_OUT)
    if (!out) return []
    const counting = template.steps.find((step) => step.evidence?.some((evidence) => evidence.name === TOOLS_IN))
    const back = currentReading(record, TOOLS_IN)
    const excuse = counting && currentMark(record, counting.id)?.reason
    if ((back && counted(back) === counted(out)) || isFilled(excuse)) return []
    const returned = back?.value ?? "—"
    const zh = `工具带出${out.value}件、收回${returned}件：请清点找齐，或在清理现场步骤写明原因。`
    const en = `${out.value} tools were counted out and ${returned} in: find the rest, or give a reason at cleanup.`
    return [entry.broken("tools_complete", zh, en, counting?.id)]
}

/** `12` and `12.0` are one count; what is no whole number, as older phones sent it, is compared as it was written. */
function counted(reading: Reading): bigint | string {
    return count(reading.value) ?? trimmed(reading.value)
}

/**
 * The last charge equals what is due; where nothing is due, or the charging step was skipped with a reason, none is needed. Charges outlive a
 * re-opening, as the consent does: who comes back to put it right charges nothing anew.
 */
function chargeAgreed(record: JobRecord, template: Template): Broken[] {
    const passed = overruled(record, "charge")
    const charge = latest(entriesOf(record.charges).filter(([id]) => !passed.has(id)))?.[1]
    if (charge) return entry.agreed(record, charge.quote, charge.due_minor)
    const charging = template.steps.filter((step) => step.stage !== "sign_off" && step.gates?.includes("charge_agreed"))
    const excused = charging.some((step) => {
        const mark = currentMark(record, step.id)
        return (mark?.kind === "skipped" || mark?.kind === "not_applicable") && isFilled(mark.reason)
    })
    const zh = "请先按客户认可的报价填写收费金额，再请客户签字。"
    const en = "Fill in the charge as the customer accepted it before they sign."
    return entry.unless(excused || (dueMinor(record) ?? 0) === 0, "charge_agreed", zh, en)
}

/**
 * Where the accepted work can destroy data, the customer's signature alone opens the gate. Where it can't, a checklist asks for nothing, unless by the
 * name of a piece of evidence: as checklists did before offers said what their work can destroy.
 */
function backupAgreed(record: JobRecord, template: Template): boolean {
    if (backupWanted(record)) return false
    const isSigned = Object.values(record.backup_consents).some((backup) => isCurrent(record, backup.at))
    return !asksByName(template) || isSigned || hasNamedEvidence(record, template)
}

function asksByName(template: Template): boolean {
    return template.steps.some(isNamed)
}

function isNamed(step: StepTemplate): boolean {
    return step.evidence?.some((evidence) => evidence.name === BACKUP_CONSENT) ?? false
}

function hasNamedEvidence(record: JobRecord, template: Template): boolean {
    if (currentReading(record, BACKUP_CONSENT)) return true
    const photos = Object.values(record.photos).filter((photo) => isCurrent(record, photo.at))
    return template.steps.filter(isNamed).some((step) => photos.some((photo) => photo.step === step.id))
}
