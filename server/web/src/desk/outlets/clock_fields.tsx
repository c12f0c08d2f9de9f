/** One clock of an outlet: what is set of it, beside what is usual. */
import { ChevronRight } from "lucide"
import { Icon } from "../../design/icon.tsx"
import type { Schemas } from "../../api/client.ts"
import { Field, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { LengthFields, lengthText } from "./length_fields.tsx"
import { LevelFields } from "./level_fields.tsx"
import { CLASSES, clockAt, type ClockDefault, inMinutes, OFF_LIST, unitsFor } from "./settings.ts"

interface Props {
    clock: ClockDefault
    setting: Schemas["ClockSetting"] | undefined
    about: (at: string) => string | undefined
    hasProblem: boolean
}

export function ClockFields({ clock, setting, about, hasProblem }: Props) {
    const { deskOutlets, terms } = words.value
    const at = (field: string) => clockAt(clock.id, field)
    const usual = deskOutlets.asUsual(lengthText(clock.length))
    const units = unitsFor(clock)
    return (
        // What is wrong in it must be seen.
        <details class="outlet-clock" open={hasProblem || undefined}>
            <summary>
                <Icon of={ChevronRight} size={18} />
                <strong>{pick(clock.name)}</strong>
                <span class="soft">{lengthText(setting?.length ?? clock.length)}</span>
                {setting && (
                    <Tag tone={setting.off ? "warn" : "info"}>
                        {setting.off ? deskOutlets.isOff : deskOutlets.changed}
                    </Tag>
                )}
            </summary>
            <div class="stack">
                <label class="row job-check">
                    <input type="checkbox" name={at("off")} defaultChecked={setting?.off} />
                    {deskOutlets.off}
                </label>
                {clock.id === OFF_LIST ? (
                    <p class="small soft">{deskOutlets.byPriceMinutes}</p>
                ) : (
                    <>
                        <LengthFields
                            at={at("length")}
                            label={deskOutlets.length}
                            units={units}
                            length={setting?.length}
                            otherwise={usual}
                            error={about(at("length"))}
                        />
                        {CLASSES.map((name) => (
                            <LengthFields
                                key={name}
                                at={at(`by_class/${name}`)}
                                label={deskOutlets.lengthFor(terms.customerClass[name])}
                                units={units}
                                length={setting?.by_class?.[name]}
                                otherwise={deskOutlets.sameForAll}
                                error={about(at(`by_class/${name}`))}
                            />
                        ))}
                    </>
                )}
                <div class="form-two">
                    <Minutes
                        name={at("warn_before_us")}
                        label={deskOutlets.warn}
                        micros={setting?.warn_before_us}
                        usual={clock.warn_before_us}
                        about={about}
                    />
                    {clock.kind === "not_before" && (
                        <Minutes
                            name={at("late_after_us")}
                            label={deskOutlets.late}
                            micros={setting?.late_after_us}
                            usual={clock.late_after_us}
                            about={about}
                        />
                    )}
                </div>
                <Pauses clock={clock} setting={setting} />
                <LevelFields clock={clock} levels={setting?.escalations} about={about} />
            </div>
        </details>
    )
}

interface MinutesProps {
    name: string
    label: string
    micros: number | null | undefined
    usual: number
    about: (at: string) => string | undefined
}

function Minutes({ name, label, micros, usual, about }: MinutesProps) {
    const { deskOutlets } = words.value
    return (
        <Field
            name={name}
            label={label}
            inputMode="numeric"
            defaultValue={inMinutes(micros)}
            hint={deskOutlets.usual(inMinutes(usual))}
            error={about(name)}
            autocomplete="off"
        />
    )
}

function Pauses({ clock, setting }: Pick<Props, "clock" | "setting">) {
    const { deskOutlets, deskShell, terms } = words.value
    const chosen = setting?.pauses ?? clock.pauses
    const usual = clock.pauses.map((kind) => terms.hold[kind])
    return (
        <fieldset class="field">
            <legend>{deskOutlets.pauses}</legend>
            <div class="form-checks">
                {(Object.keys(terms.hold) as Schemas["HoldKind"][]).map((kind) => (
                    <label key={kind} class="row job-check">
                        <input
                            type="checkbox"
                            name={clockAt(clock.id, "pauses")}
                            value={kind}
                            defaultChecked={chosen.includes(kind)}
                        />
                        {terms.hold[kind]}
                    </label>
                ))}
            </div>
            <span class="small soft">{deskOutlets.usual(usual.length === 0 ? "–" : deskShell.listed(usual))}</span>
        </fieldset>
    )
}
