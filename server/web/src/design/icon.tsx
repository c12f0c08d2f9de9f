import type { IconNode } from "lucide"
import { h } from "preact"

interface Props {
    /** One of lucide's, imported by its name, so that only what is used is carried. */
    of: IconNode
    /** In px. */
    size?: number
    /** What it says, where no text beside it does. */
    label?: string
}

/** A picture of the icon set, in the colour of the text around it. */
export function Icon({ of, size = 20, label }: Props) {
    const told = label ? ({ role: "img", "aria-label": label } as const) : ({ "aria-hidden": true } as const)
    return (
        <svg
            width={size}
            height={size}
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            {...told}
        >
            {of.map(([tag, attributes]) => h(tag, attributes as Record<string, string>))}
        </svg>
    )
}
