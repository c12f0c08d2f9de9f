/** The dispatcher's board: technicians by time of one day, what waits to be sent out, and the clocks that break first. */
import { useSignal } from "@preact/signals"
import { ChevronLeft, ChevronRight } from "lucide"
import { useLocation } from "preact-iso"
import { api, body } from "../../api/client.ts"
import { session } from "../../api/session.ts"
import { Button, IconButton } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { PAGE_ROWS } from "../pages.ts"
import { dayAfter, dayOf, HOUR_MS, moment, wholeDay } from "../../design/dates.ts"
import { now } from "../times.ts"
import { AssignDialog, sendOut, type Wish } from "./assign_dialog.tsx"
import "./board.css"
import { Closing } from "./closing.tsx"
import { type Day, type Job, loadDay, shownHours, stretch } from "./day.ts"
import { dragged, type Target } from "./drag.ts"
import { Grid } from "./grid.tsx"
import { Tray } from "./tray.tsx"

export function Board() {
    const text = words.value.deskBoard
    const { query, route } = useLocation()
    const today = dayOf(now.value)
    const date = /^\d{4}-\d{2}-\d{2}$/.test(query.date ?? "") ? String(query.date) : today
    const outlet = query.outlet ?? session.value?.person.outlet_id ?? ""
    const day = useLoaded(`${date} ${outlet}`, () => loadDay(date, outlet))
    const address = (changes: Record<string, string | undefined>) => {
        const { date: _date, job: _job, ...others } = query
        const wanted = { ...others, ...(date !== today && { date }), ...changes }
        const pairs = Object.entries(wanted).filter((pair): pair is [string, string] => pair[1] !== undefined)
        const parameters = new URLSearchParams(pairs).toString()
        return `/desk/board${parameters && `?${parameters}`}`
    }
    const go = (to: string) => route(address({ date: to === today ? undefined : to }))
    return (
        <div class="page board">
            <div class="page-head no-print">
                <h1>{text.title}</h1>
                <div class="row">
                    <IconButton icon={ChevronLeft} label={text.previous} onClick={() => go(dayAfter(date, -1))} />
                    <label class="field board-date">
                        <span class="unseen">{text.date}</span>
                        <input
                            type="date"
                            value={date}
                            onChange={(event) => event.currentTarget.value && go(event.currentTarget.value)}
                        />
                    </label>
                    <IconButton icon={ChevronRight} label={text.next} onClick={() => go(dayAfter(date))} />
                    <Button disabled={date === today} onClick={() => go(today)}>
                        {words.value.deskShell.today}
                    </Button>
                </div>
                <p class="board-day">{wholeDay(moment(date, 12 * 60))}</p>
                {may("see_all_outlets") && (
                    <OutletChoice outlet={outlet} onChoose={(chosen) => route(address({ outlet: chosen }))} />
                )}
            </div>
            <Answered of={day}>
                {(shown) => (
                    <Opened
                        day={shown}
                        midnight={moment(date)}
                        open={query.job}
                        onOpen={(job) => route(address({ job }), true)}
                        onMoved={day.reload}
                    />
                )}
            </Answered>
        </div>
    )
}

/** Whose board, for those who see them all. */
function OutletChoice({ outlet, onChoose }: { outlet: string; onChoose: (outlet: string) => void }) {
    const query = { limit: PAGE_ROWS }
    const outlets = useLoaded("outlets", () => body(api.GET("/v1/outlets", { params: { query } })), {
        movesWith: () => false,
    })
    return (
        <label class="field board-outlet">
            <span class="unseen">{words.value.deskShell.outlets}</span>
            <select value={outlet} onChange={(event) => onChoose(event.currentTarget.value)}>
                {outlets.data?.items.map((known) => (
                    <option key={known.id} value={known.id}>
                        {known.name}
                    </option>
                ))}
            </select>
        </label>
    )
}

interface OpenedProps {
    day: Day
    midnight: number
    /** The job whose dialog is open. */
    open: string | undefined
    onOpen: (job: string | undefined) => void
    onMoved: () => Promise<void>
}

interface Refusal {
    job: string
    wish: Wish
    problem: unknown
}

function Opened({ day, midnight, open, onOpen, onMoved }: OpenedProps) {
    const { route } = useLocation()
    const refusal = useSignal<Refusal | undefined>(undefined)
    const act = useAct()
    const mayDispatch = may("dispatch")
    const stretches = new Map(
        day.visits.flatMap((job) => {
            const found = stretch(job, midnight)
            return found ? [[job.id, found] as const] : []
        }),
    )
    const drop = async (job: Job, target: Target) => {
        const technician = day.technicians.find((person) => person.id === target.technician)
        // Into the tray: the dialog asks for the reason.
        if (!technician) return onOpen(job.technician ? job.id : undefined)
        const at = (hour: number) => new Date(midnight + hour * HOUR_MS).toISOString()
        const wish: Wish = { technician, window: { from: at(target.from), to: at(target.to) } }
        await act.run(async () => {
            try {
                await sendOut(job, technician, wish.window)
            } catch (problem) {
                refusal.value = { job: job.id, wish, problem }
                onOpen(job.id)
            }
            await onMoved()
        })
    }
    const hands = {
        hours: shownHours([...stretches.values()]),
        onDrop: mayDispatch ? (job: Job, target: Target) => void drop(job, target) : undefined,
        onOpen: (job: Job) => (mayDispatch ? onOpen(job.id) : route(`/desk/jobs/${job.id}`)),
    }
    const refused = refusal.value?.job === open ? refusal.value : undefined
    return (
        <>
            <Closing clocks={day.closing} />
            <div class="board-halves" aria-busy={act.isBusy}>
                <Grid day={day} midnight={midnight} stretches={stretches} {...hands} />
                <Tray day={day} {...hands} />
            </div>
            <Ghost />
            {open && mayDispatch && (
                <AssignDialog
                    id={open}
                    wish={refused?.wish}
                    refusal={refused?.problem}
                    onClose={() => {
                        refusal.value = undefined
                        onOpen(undefined)
                        void onMoved()
                    }}
                />
            )}
        </>
    )
}

/** What is in the hand. */
function Ghost() {
    const held = dragged.value
    if (!held) return null
    return (
        <div
            class="board-ghost"
            style={{ transform: `translate(${held.x + 12}px, ${held.y + 12}px)` }}
            aria-hidden="true"
        >
            <strong>{held.job.name ?? held.job.number}</strong>
            <span class="small">{held.job.product ?? held.job.fault}</span>
        </div>
    )
}
