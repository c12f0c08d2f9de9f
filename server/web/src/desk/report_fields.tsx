/** The fields of what a customer told, for those who correct them: in a job's record, or in a report. */
import type { Schemas } from "../api/client.ts"
import { REPORT_FIELDS } from "../core/course.ts"
import { Field } from "../design/parts.tsx"
import { words } from "../words.ts"
import { Choice, Options } from "./choice.tsx"
import { type Filled, TextArea } from "./form.tsx"

export type ReportField = Schemas["ReportField"]

interface Props {
    now: (field: ReportField) => string
    about: (field: ReportField) => string | undefined
}

export function ReportFields({ now, about }: Props) {
    const { deskAmend, terms } = words.value
    const line = (name: ReportField, more: { hint?: string; inputMode?: "tel" } = {}) => (
        <Field
            {...more}
            label={terms.reportField[name]}
            name={name}
            defaultValue={now(name)}
            error={about(name)}
            maxLength={400}
            autocomplete="off"
        />
    )
    const choice = (name: "urgency" | "area" | "skill", of: Record<string, string>) => (
        <Choice label={terms.reportField[name]} name={name} error={about(name)}>
            <option value="">–</option>
            <Options
                of={now(name) in of || now(name) === "" ? of : { ...of, [now(name)]: now(name) }}
                chosen={now(name)}
            />
        </Choice>
    )
    return (
        <>
            <div class="form-two">
                {line("name")}
                {line("phone", { hint: deskAmend.phoneHint, inputMode: "tel" })}
            </div>
            {line("address")}
            <TextArea
                label={terms.reportField.fault}
                name="fault"
                initial={now("fault")}
                error={about("fault")}
                maxLength={2000}
            />
            <div class="form-two">
                {line("product")}
                {line("model")}
                {line("serial")}
                <Field
                    label={terms.reportField.purchased_on}
                    name="purchased_on"
                    type="date"
                    defaultValue={now("purchased_on")}
                    error={about("purchased_on")}
                />
                {line("wanted")}
                {choice("urgency", terms.urgency)}
                {choice("area", terms.area)}
                {choice("skill", terms.skill)}
            </div>
        </>
    )
}

/** What was typed otherwise than it stood; none for what was emptied. A phone number is shown to nobody here, so an empty one stays. */
export function changedFields(filled: Filled, now: (field: ReportField) => string): [ReportField, string | null][] {
    const typed = REPORT_FIELDS.map((name) => [name, filled.text(name)] as const)
    return typed
        .filter(([name, text]) => text !== now(name) && !(name === "phone" && text === ""))
        .map(([name, text]) => [name, text || null])
}
