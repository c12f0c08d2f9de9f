import type { ComponentChildren } from "preact"

interface Props {
    label: string
    value?: string
    name?: string
    required?: boolean
    onChoose?: (value: string) => void
    /** Its options. */
    children: ComponentChildren
}

/** One of several, in a list that opens. */
export function Choice({ label, onChoose, children, ...rest }: Props) {
    return (
        <label class="field">
            <span>{label}</span>
            <select {...rest} onChange={(event) => onChoose?.(event.currentTarget.value)}>
                {children}
            </select>
        </label>
    )
}
