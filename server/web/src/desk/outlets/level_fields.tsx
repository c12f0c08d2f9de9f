/** Who hears of one clock, and when: a line a level, and one more to fill in. */
import { useSignal } from "@preact/signals"
import type { Schemas } from "../../api/client.ts"
import { Button, Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { Choice, Options } from "../choice.tsx"
import { clockAt, type ClockDefault, inMinutes, type Level, LEVELS_MAX } from "./settings.ts"

/** Those who may take an escalation over, as the server has it; from the desk upward. */
const ROLES: Schemas["Role"][] = [
    "desk_agent",
    "dispatcher",
    "outlet_clerk",
    "centre_clerk",
    "desk_supervisor",
    "engineering_supervisor",
    "technical_section",
    "service_manager",
    "project_manager",
    "general_manager",
]

interface Props {
    clock: ClockDefault
    levels: Level[] | null | undefined
    about: (at: string) => string | undefined
}

export function LevelFields({ clock, levels, about }: Props) {
    const { deskOutlets: text, terms } = words.value
    const set = levels ?? clock.escalations
    const shown = useSignal(Math.max(set.length, 1))
    const roles = { "": text.nobody, ...Object.fromEntries(ROLES.map((role) => [role, terms.role[role]])) }
    // A call back warns when its time has come: nobody has missed anything then.
    const froms = { ...(clock.kind !== "not_before" && { warning: text.fromWarning }), due: text.fromDue }
    return (
        <fieldset class="field">
            <legend>{text.escalations}</legend>
            {Array.from({ length: shown.value }, (_, place) => {
                const level = set[place]
                const at = (field: string) => clockAt(clock.id, `escalations/${place}/${field}`)
                return (
                    <div key={place} class="outlet-level">
                        <Choice label={text.levelTo(place + 1)} name={at("to")} error={about(at("to"))}>
                            <Options of={roles} chosen={level?.to ?? ""} />
                        </Choice>
                        <Choice label={text.levelFrom} name={at("from")} error={about(at("from"))}>
                            <Options of={froms} chosen={level?.from ?? "due"} />
                        </Choice>
                        <Field
                            label={text.levelAfter}
                            name={at("after_us")}
                            inputMode="numeric"
                            defaultValue={level ? inMinutes(level.after_us ?? 0) : ""}
                            error={about(at("after_us"))}
                            autocomplete="off"
                        />
                    </div>
                )
            })}
            {shown.value < LEVELS_MAX && (
                <Button kind="quiet" class="button-inline" onClick={() => (shown.value += 1)}>
                    {text.oneLevelMore}
                </Button>
            )}
            <span class="small soft">{text.escalationsHint}</span>
        </fieldset>
    )
}
