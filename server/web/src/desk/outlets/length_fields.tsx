import { useSignal } from "@preact/signals"
import { Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { Choice, Options } from "../choice.tsx"
import { span } from "../times.ts"
import { type Length, lengthFields, type Unit } from "./settings.ts"

const MICROS = 1000

/** A length, as people say it. */
export function lengthText(length: Length): string {
    const text = words.value.deskOutlets
    if (length === "same_day") return text.sameDay
    if (typeof length === "string") return length
    if ("before_us" in length) return text.before(span(length.before_us / MICROS))
    if ("working_days" in length) return text.workingDays(length.working_days)
    if ("months" in length) return text.months(length.months)
    return span(length.micros / MICROS)
}

interface Props {
    /** Its place, which is the field's name. */
    at: string
    label: string
    units: Unit[]
    length: Length | null | undefined
    /** What holds where nothing is chosen. */
    otherwise: string
    error: string | undefined
}

/** So many of a unit, or as it is otherwise. */
export function LengthFields({ at, label, units, length, otherwise, error }: Props) {
    const text = words.value.deskOutlets
    const { unit, count } = lengthFields(length)
    const chosen = useSignal<string>(unit)
    const hasCount = chosen.value !== "" && chosen.value !== "same_day"
    const of = { "": otherwise, ...Object.fromEntries(units.map((name) => [name, text.units[name]])) }
    return (
        <div class="outlet-length">
            {hasCount && (
                <Field
                    label={label}
                    name={at}
                    inputMode="numeric"
                    defaultValue={count}
                    error={error}
                    autocomplete="off"
                />
            )}
            <Choice
                label={hasCount ? text.unit : label}
                name={`${at}#unit`}
                error={hasCount ? undefined : error}
                onChoose={(now) => (chosen.value = now)}
            >
                <Options of={of} chosen={unit} />
            </Choice>
        </div>
    )
}
