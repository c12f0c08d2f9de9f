/**
 * Dragging a job by mouse or finger to a technician and a time, or back into the tray. The board itself does not change until the server
 * has said yes. What can be dragged can also be done by keyboard, in the dialog that the job opens.
 */
import { signal } from "@preact/signals"
import { dropAt, type Hours, type Job } from "./day.ts"

export interface Target {
    /** None: the tray. */
    technician: string | undefined
    /** In hours since midnight. */
    from: number
    to: number
}

export interface Dragged {
    job: Job
    x: number
    y: number
    target: Target | undefined
}

/** What is under way, for whoever draws it. */
export const dragged = signal<Dragged | undefined>(undefined)

/** So far a press is a press. */
const SLOP_PX = 6
const USUAL_HOURS = 2

interface Grab {
    job: Job
    hours: Hours
    onDrop: (job: Job, target: Target) => void
}

/** Begins with a press on a job. */
export function grab(event: PointerEvent, { job, hours, onDrop }: Grab): void {
    const held = event.currentTarget as HTMLElement
    const byFinger = event.pointerType !== "mouse"
    // A finger on the block scrolls the board; it drags by the grip.
    if (event.button !== 0 || (byFinger && !(event.target as Element).closest("[data-grip]"))) return
    const length = job.window ? (Date.parse(job.window.to) - Date.parse(job.window.from)) / 3_600_000 : USUAL_HOURS
    const box = held.getBoundingClientRect()
    const inGrid = held.closest("[data-lane]") !== null
    // A block keeps its place under the hand; a card of the tray is held at its start.
    const offset = inGrid ? event.clientX - box.left : 0
    const start = { x: event.clientX, y: event.clientY }
    const stop = new AbortController()
    const { signal: until } = stop
    const finish = () => {
        dragged.value = undefined
        stop.abort()
    }
    const move = (moved: PointerEvent) => {
        if (moved.pointerId !== event.pointerId) return
        const far = Math.hypot(moved.clientX - start.x, moved.clientY - start.y)
        if (!dragged.peek() && far < SLOP_PX) return
        moved.preventDefault()
        const target = targetAt(moved.clientX - offset, moved.clientX, moved.clientY, hours, length)
        dragged.value = { job, x: moved.clientX, y: moved.clientY, target }
    }
    const drop = (up: PointerEvent) => {
        if (up.pointerId !== event.pointerId) return
        const last = dragged.peek()
        finish()
        if (!last) return
        // The click that follows a drag opens nothing.
        addEventListener("click", swallow, { capture: true, once: true })
        setTimeout(() => removeEventListener("click", swallow, { capture: true }))
        if (last.target) onDrop(job, last.target)
    }
    addEventListener("pointermove", move, { signal: until, passive: false })
    addEventListener("pointerup", drop, { signal: until })
    addEventListener("pointercancel", finish, { signal: until })
    addEventListener("keydown", (key: KeyboardEvent) => key.key === "Escape" && finish(), { signal: until })
}

function swallow(event: Event): void {
    event.preventDefault()
    event.stopPropagation()
}

function targetAt(startX: number, x: number, y: number, hours: Hours, length: number): Target | undefined {
    const under = document.elementFromPoint(x, y)
    if (under?.closest("[data-tray]")) return { technician: undefined, from: 0, to: 0 }
    const lane = under?.closest<HTMLElement>("[data-lane]")
    if (!lane) return undefined
    const box = lane.getBoundingClientRect()
    const from = dropAt((startX - box.left) / box.width, hours, length)
    return { technician: lane.dataset.lane, from, to: from + length }
}
