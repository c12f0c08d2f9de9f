/**
 * The checklist as data: stages, steps, evidence, gates, playbooks and phrases, in both languages, with a version. A job keeps the version that
 * it began with; a published version never changes.
 */
import type { Play } from "./record.ts"
import type { Schemas } from "./schemas.ts"

export type Template = Schemas["Template"]
export type StepTemplate = Schemas["StepTemplate"]
export type Stage = Schemas["Stage"]
export type Gate = Schemas["Gate"]
export type Evidence = Schemas["Evidence"]
export type EvidenceKind = Schemas["EvidenceKind"]
export type PlayTemplate = Schemas["PlayTemplate"]
export type PlayEffect = Schemas["PlayEffect"]
export type Phrase = Schemas["Phrase"]
export type KitItem = Schemas["KitItem"]
export type Bilingual = Schemas["Bilingual"]

/** How long a repair is warranted where an old checklist does not say, in months. */
export const WARRANTY_MONTHS = 3

/**
 * Where a note or a photo stands that belongs to no step: what a phone keeps of a visit whose checklist it does not hold yet. No step is
 * called so.
 */
export const WHOLE_VISIT = "visit"

export function stepOf(template: Template, id: string): StepTemplate | undefined {
    return template.steps.find((step) => step.id === id)
}

/** The step at which a stage begins; none where this visit has no such stage. */
export function stageStep(template: Template, stage: Stage): StepTemplate | undefined {
    return template.steps.find((step) => step.stage === stage)
}

/** Where the customer accepts an offer: the step of that name, or the one that waits for their consent. */
export function quoteStep({ steps }: Template): StepTemplate | undefined {
    return steps.find(({ id }) => id === "quote") ?? steps.find(({ gates }) => gates?.includes("consent"))
}

/** Where the amount due is filled in: the step of that name, or the one that waits for it. */
export function chargeStep({ steps }: Template): StepTemplate | undefined {
    return steps.find(({ id }) => id === "charges") ?? steps.find(({ gates }) => gates?.includes("charge_agreed"))
}

/** What a playbook's entry brings about; none for an entry that is not this template's. */
export function effectOf(template: Template, play: Play): PlayEffect | undefined {
    const known = stepOf(template, play.step)?.plays?.find((known) => known.id === play.play)
    return known?.effect ?? undefined
}
