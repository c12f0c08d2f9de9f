/** Everything that an outlet can be told about how it works, with what is usual beside each. */
import { useSignal } from "@preact/signals"
import type { Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { pointText } from "../../core/travel.ts"
import { Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Choice, Options } from "../choice.tsx"
import { type Filled, Form } from "../form.tsx"
import { ClockFields } from "./clock_fields.tsx"
import { figures } from "./figures.ts"
import "./outlets.css"
import {
    BASE,
    callAt,
    clockAt,
    type Defaults,
    type Figure,
    inHours,
    type Settings,
    settingsOf,
    Typed,
} from "./settings.ts"

export interface Asked {
    code: string
    name: string
    phone: string
    time_zone: string
    settings: Partial<Settings>
}

interface Props {
    outlet?: Schemas["Outlet"]
    defaults: Defaults
    save: string
    onSave: (asked: Asked) => Promise<unknown>
    onCancel: () => void
}

type About = (at: string) => string | undefined

export function OutletForm({ outlet, defaults, save, onSave, onCancel }: Props) {
    const act = useAct()
    const wrong = useSignal<ReadonlySet<string> | undefined>(undefined)
    const told = aboutOf(act.problem)
    const about: About = (at) =>
        wrong.value?.has(at)
            ? at === BASE
                ? words.value.deskMap.notCoordinates
                : words.value.deskOutlets.notANumber
            : told(at)
    const submit = async (filled: Filled) => {
        const typed = new Typed(filled)
        const settings = settingsOf(typed, defaults)
        wrong.value = typed.wrong.size > 0 ? typed.wrong : undefined
        if (wrong.value) return
        const [code, name, phone, time_zone] = [
            filled.text("code"),
            filled.text("name"),
            filled.text("phone"),
            filled.text("time_zone"),
        ]
        await act.run(() => onSave({ code, name, phone, time_zone, settings }))
    }
    return (
        <Form
            act={act}
            class="stack-wide form-narrow"
            save={save}
            attention={wrong.value}
            onSubmit={submit}
            onCancel={onCancel}
        >
            <Basics outlet={outlet} about={about} />
            <Practice settings={outlet?.settings} usual={defaults.settings} about={about} />
            <Clocks
                settings={outlet?.settings}
                defaults={defaults}
                about={about}
                isTold={act.problem !== undefined || wrong.value !== undefined}
            />
            <Calls settings={outlet?.settings} defaults={defaults} about={about} />
        </Form>
    )
}

function Basics({ outlet, about }: { outlet: Schemas["Outlet"] | undefined; about: About }) {
    const { deskLists, deskOutlets } = words.value
    return (
        <section class="card">
            <h2>{deskOutlets.basics}</h2>
            <div class="form-two">
                {!outlet && (
                    <Field
                        label={deskOutlets.code}
                        name="code"
                        hint={deskOutlets.codeHint}
                        error={about("/code")}
                        required
                        autocomplete="off"
                    />
                )}
                <Field
                    label={deskOutlets.name}
                    name="name"
                    defaultValue={outlet?.name ?? ""}
                    error={about("/name")}
                    required
                    autocomplete="off"
                />
                <Field
                    label={deskLists.outlets.phone}
                    name="phone"
                    inputMode="tel"
                    hint={deskOutlets.phoneHint}
                    defaultValue={outlet?.phone ?? ""}
                    error={about("/phone")}
                    autocomplete="off"
                />
                <Field
                    label={deskLists.outlets.zone}
                    name="time_zone"
                    list="outlet-zones"
                    hint={deskOutlets.zoneHint}
                    defaultValue={outlet?.time_zone ?? "Asia/Shanghai"}
                    error={about("/time_zone")}
                    required
                    autocomplete="off"
                />
            </div>
            <datalist id="outlet-zones">
                {Intl.supportedValuesOf("timeZone").map((name) => (
                    <option key={name} value={name} />
                ))}
            </datalist>
        </section>
    )
}

interface PracticeProps {
    settings: Settings | undefined
    usual: Settings
    about: About
}

function Practice({ settings, usual, about }: PracticeProps) {
    const { deskLists, deskMap, deskOutlets } = words.value
    const text = deskLists.outlets
    // What is as usual is left empty, so that it stays so.
    const own = (name: Figure) => (settings?.[name] === usual[name] ? "" : String(settings?.[name] ?? ""))
    return (
        <section class="card">
            <h2>{deskOutlets.practice}</h2>
            <p class="small soft">{deskOutlets.practiceHint}</p>
            <div class="form-two">
                <Choice
                    label={text.collects}
                    name="/settings/collects"
                    hint={deskOutlets.usual(text.collectsBy[usual.collects ?? "desk"])}
                    error={about("/settings/collects")}
                >
                    <Options of={text.collectsBy} chosen={settings?.collects ?? usual.collects} />
                </Choice>
                <Choice
                    label={deskOutlets.setupBetween}
                    name="/settings/setup_between"
                    hint={deskOutlets.usual(deskOutlets.between[usual.setup_between ?? "free"])}
                    error={about("/settings/setup_between")}
                >
                    <Options of={deskOutlets.between} chosen={settings?.setup_between ?? usual.setup_between} />
                </Choice>
                {figures().map(([name, label, told]) => (
                    <Field
                        key={name}
                        label={label}
                        name={`/settings/${name}`}
                        inputMode="numeric"
                        defaultValue={own(name)}
                        hint={deskOutlets.usual(told(usual[name] ?? 0))}
                        error={about(`/settings/${name}`)}
                        autocomplete="off"
                    />
                ))}
                <Field
                    label={text.base}
                    name={BASE}
                    defaultValue={settings?.base ? pointText(settings.base) : ""}
                    hint={deskMap.coordinatesHint}
                    error={about(BASE)}
                    autocomplete="off"
                />
                <Field
                    label={deskOutlets.currency}
                    name="/settings/currency"
                    defaultValue={settings?.currency ?? usual.currency ?? ""}
                    hint={deskOutlets.currencyHint}
                    error={about("/settings/currency")}
                    maxLength={3}
                    autocomplete="off"
                />
            </div>
        </section>
    )
}

interface PartProps {
    settings: Settings | undefined
    defaults: Defaults
    about: About
}

function Clocks({ settings, defaults, about, isTold }: PartProps & { isTold: boolean }) {
    const { deskOutlets } = words.value
    const fields = ["length", "warn_before_us", "late_after_us", "by_class/key", "by_class/contract"]
    return (
        <section class="card">
            <h2>{deskOutlets.clocks}</h2>
            <p class="small soft">{deskOutlets.clocksHint}</p>
            {defaults.clocks.map((clock) => (
                <ClockFields
                    key={clock.id}
                    clock={clock}
                    setting={settings?.clocks?.[clock.id]}
                    about={about}
                    hasProblem={isTold && fields.some((field) => about(clockAt(clock.id, field)) !== undefined)}
                />
            ))}
        </section>
    )
}

function Calls({ settings, defaults, about }: PartProps) {
    const { deskOutlets, terms } = words.value
    return (
        <section class="card">
            <h2>{deskOutlets.calls}</h2>
            <p class="small soft">{deskOutlets.callsHint}</p>
            <div class="form-two">
                {Object.entries(defaults.calls).flatMap(([name, usual]) => {
                    const reason = name as Schemas["CallReason"]
                    const own = settings?.calls?.[reason]
                    const field = (at: "after_us" | "late_after_us", label: string) => (
                        <Field
                            key={`${reason} ${at}`}
                            label={label}
                            name={callAt(reason, at)}
                            inputMode="decimal"
                            defaultValue={inHours(own?.[at])}
                            hint={deskOutlets.usual(inHours(usual[at]))}
                            error={about(callAt(reason, at))}
                            autocomplete="off"
                        />
                    )
                    return [
                        field("after_us", deskOutlets.callAfter(terms.callReason[reason])),
                        field("late_after_us", deskOutlets.callLate(terms.callReason[reason])),
                    ]
                })}
            </div>
        </section>
    )
}
