import type { IconNode } from "lucide"
import { CircleAlert, CircleCheck, Info, LoaderCircle, TriangleAlert } from "lucide"
import type { ComponentChildren, JSX } from "preact"
import { useEffect, useId, useRef } from "preact/hooks"
import { words } from "../words.ts"
import { Icon } from "./icon.tsx"
import "./parts.css"

export type Tone = "plain" | "accent" | "good" | "warn" | "bad" | "info"

type ButtonProps = JSX.IntrinsicElements["button"] & {
    kind?: "main" | "bad" | "quiet"
    large?: boolean
    wide?: boolean
    icon?: IconNode
}

export function Button({ kind, large, wide, icon, children, class: more, ...rest }: ButtonProps) {
    const looks = ["button", kind && `button-${kind}`, large && "button-large", wide && "button-wide", more]
    return (
        <button type="button" {...rest} class={looks.filter(Boolean).join(" ")}>
            {icon && <Icon of={icon} />}
            {children}
        </button>
    )
}

/** A button that is a picture alone; its label is read out and shown under the mouse. */
export function IconButton({
    icon,
    label,
    class: more,
    ...rest
}: JSX.IntrinsicElements["button"] & { icon: IconNode; label: string }) {
    const looks = ["button button-quiet button-round", more].filter(Boolean).join(" ")
    return (
        <button type="button" {...rest} class={looks} aria-label={label} title={label}>
            <Icon of={icon} />
        </button>
    )
}

type FieldProps = JSX.IntrinsicElements["input"] & {
    label: string
    hint?: string | undefined
    /** What is wrong with what was typed. */
    error?: string | undefined
}

/** What stands below a field, its help and what is wrong with it, and their names for the field to be described by. */
export function useBelow(hint: string | undefined, error: string | undefined) {
    const id = useId()
    const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined
    const below = (
        <>
            {hint && (
                <span id={`${id}-hint`} class="soft small">
                    {hint}
                </span>
            )}
            {error && (
                <span id={`${id}-error`} class="field-error">
                    {error}
                </span>
            )}
        </>
    )
    return { about, below }
}

/** One line to fill in. */
export function Field({ label, hint, error, ...rest }: FieldProps) {
    const { about, below } = useBelow(hint, error)
    return (
        <label class="field">
            <span>{label}</span>
            <input {...rest} aria-invalid={Boolean(error)} aria-describedby={about} />
            {below}
        </label>
    )
}

const NOTICE_ICONS = { info: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleAlert }

/** Something that the reader should know here and now. What is bad is read out at once. */
export function Notice({ tone = "info", children }: { tone?: keyof typeof NOTICE_ICONS; children: ComponentChildren }) {
    return (
        <div class={`notice notice-${tone}`} role={tone === "bad" ? "alert" : "status"}>
            <Icon of={NOTICE_ICONS[tone]} />
            <div>{children}</div>
        </div>
    )
}

/** A word about a state. Its colour helps, its text says it. */
export function Tag({ tone = "plain", children }: { tone?: Tone; children: ComponentChildren }) {
    return <span class={`tag tag-${tone}`}>{children}</span>
}

export function Empty({ icon, children }: { icon: IconNode; children: ComponentChildren }) {
    return (
        <div class="empty">
            <Icon of={icon} size={40} />
            <p>{children}</p>
        </div>
    )
}

export function Loading() {
    return (
        <div class="loading" role="status">
            <Icon of={LoaderCircle} size={28} label={words.value.everywhere.loading} />
        </div>
    )
}

interface DialogProps {
    title: string
    wide?: boolean
    onClose: () => void
    children: ComponentChildren
}

/** A question that stands before everything else; Escape closes it. Shown for as long as it is in the tree. */
export function Dialog({ title, wide, onClose, children }: DialogProps) {
    const dialog = useRef<HTMLDialogElement>(null)
    const id = useId()
    useEffect(() => {
        const before = document.activeElement
        dialog.current?.showModal()
        // Once it has left the page: while it stands, nothing behind it takes the focus.
        return () => queueMicrotask(() => before instanceof HTMLElement && before.isConnected && before.focus())
    }, [])
    return (
        <dialog ref={dialog} class={`dialog stack${wide ? " dialog-wide" : ""}`} aria-labelledby={id} onClose={onClose}>
            <h2 id={id}>{title}</h2>
            {children}
        </dialog>
    )
}
