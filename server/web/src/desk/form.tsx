/** A form that writes at the server: what is wrong stands at its field, and the first such field is gone to. */
import type { ComponentChildren } from "preact"
import { useEffect, useRef } from "preact/hooks"
import { Button, useBelow } from "../design/parts.tsx"
import { words } from "../words.ts"
import type { Act } from "./act.ts"
import { Trouble } from "./answered.tsx"
import "./form.css"

interface Props {
    act: Act
    class?: string
    /** What its button says; "save" where nothing is named. */
    save?: string
    onSubmit: (filled: Filled) => Promise<unknown>
    /** Moves when the page itself found something wrong. */
    attention?: unknown
    /** Where one goes who changes nothing. */
    onCancel?: () => void
    children: ComponentChildren
}

export function Form({ act, save, onSubmit, onCancel, attention, children, class: looks = "stack" }: Props) {
    const { everywhere } = words.value
    const form = useRef<HTMLFormElement>(null)
    useEffect(() => {
        if (act.problem !== undefined || attention !== undefined)
            form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus()
    }, [act.problem, attention])
    return (
        <form
            ref={form}
            class={looks}
            onSubmit={(event) => {
                event.preventDefault()
                void onSubmit(new Filled(new FormData(event.currentTarget)))
            }}
        >
            {children}
            <Trouble of={act.problem} />
            <div class="row form-foot">
                <Button type="submit" kind="main" disabled={act.isBusy}>
                    {save ?? everywhere.save}
                </Button>
                {onCancel && <Button onClick={onCancel}>{everywhere.cancel}</Button>}
            </div>
        </form>
    )
}

/** What was typed and chosen. */
export class Filled {
    readonly #of: FormData

    constructor(of: FormData) {
        this.#of = of
    }

    text(name: string): string {
        return String(this.#of.get(name) ?? "").trim()
    }

    /** None where nothing was typed. */
    some(name: string): string | undefined {
        return this.text(name) || undefined
    }

    /** As it was typed, blanks and all. */
    secret(name: string): string {
        return String(this.#of.get(name) ?? "")
    }

    all(name: string): string[] {
        return this.#of.getAll(name).map(String)
    }

    is(name: string): boolean {
        return this.#of.get(name) === "on"
    }

    /** None where no whole number was typed. */
    whole(name: string): number | undefined {
        const typed = this.text(name)
        return /^-?\d+$/.test(typed) ? Number(typed) : undefined
    }
}

interface AreaProps {
    label: string
    name: string
    hint?: string
    error?: string | undefined
    initial?: string
    rows?: number
    required?: boolean
    maxLength?: number
}

/** Several lines to fill in. */
export function TextArea({ label, hint, error, initial, ...rest }: AreaProps) {
    const { about, below } = useBelow(hint, error)
    return (
        <label class="field">
            <span>{label}</span>
            <textarea {...rest} defaultValue={initial} aria-invalid={Boolean(error)} aria-describedby={about} />
            {below}
        </label>
    )
}
