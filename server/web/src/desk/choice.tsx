import type { ComponentChildren } from "preact"
import { useBelow } from "../design/parts.tsx"

interface Props {
    label: string
    value?: string
    name?: string
    required?: boolean
    disabled?: boolean
    hint?: string | undefined
    /** What is wrong with what was chosen. */
    error?: string | undefined
    onChoose?: (value: string) => void
    /** Its options. */
    children: ComponentChildren
}

/** One of several, in a list that opens. */
export function Choice({ label, hint, error, onChoose, children, ...rest }: Props) {
    const { about, below } = useBelow(hint, error)
    return (
        <label class="field">
            <span>{label}</span>
            <select
                {...rest}
                aria-invalid={Boolean(error)}
                aria-describedby={about}
                onChange={(event) => onChoose?.(event.currentTarget.value)}
            >
                {children}
            </select>
            {below}
        </label>
    )
}

/** The options of a choice that a form keeps by itself: which one it begins with is said once. */
export function Options({ of, chosen }: { of: Record<string, string>; chosen?: string | null | undefined }) {
    return (
        <>
            {Object.entries(of).map(([value, name]) => (
                <option key={value} value={value} selected={value === chosen}>
                    {name}
                </option>
            ))}
        </>
    )
}
