/** The dispatcher's board: technicians by time of one day, what waits to be sent out, and the clocks that break first. */
import { useSignal } from "@preact/signals"
import { ChevronLeft, ChevronRight, Map as MapIcon } from "lucide"
import { useLocation } from "preact-iso"
import { useRef } from "preact/hooks"
import { session } from "../../api/session.ts"
import { Button, IconButton } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { everyOutlet } from "../everybody.ts"
import { useLoaded } from "../loaded.ts"
import { dayAfter, dayOf, HOUR_MS, moment, wholeDay } from "../../design/dates.ts"
import { now } from "../times.ts"
import { AssignDialog, sendOut, type Wish } from "./assign_dialog.tsx"
import "./board.css"
import "./block.css"
import "./paper.css"
import { Closing } from "./closing.tsx"
import { type Day, type Job, loadDay, shownHours, stretch, type Stretch } from "./day.ts"
import { dragged, type Target } from "./drag.ts"
import { Grid } from "./grid.tsx"
import { Late } from "./late.tsx"
import { legsOfDay } from "./legs.ts"
import { BoardMap, type BoardMapProps } from "./map/map.tsx"
import { Tray } from "./tray.tsx"

export function Board() {
    const text = words.value.deskBoard
    const { query, route } = useLocation()
    const today = dayOf(now.value)
    const date = /^\d{4}-\d{2}-\d{2}$/.test(query.date ?? "") ? String(query.date) : today
    const outlet = query.outlet ?? session.value?.person.outlet_id ?? ""
    const day = useLoaded(`${date} ${outlet}`, () => loadDay(date, outlet))
    const address = (changes: Record<string, string | undefined>) => {
        const { date: _date, job: _job, pick: _pick, ...others } = query
        const wanted = { ...others, ...(date !== today && { date }), ...changes }
        const pairs = Object.entries(wanted).filter((pair): pair is [string, string] => pair[1] !== undefined)
        const parameters = new URLSearchParams(pairs).toString()
        return `/desk/board${parameters && `?${parameters}`}`
    }
    const showsMap = query.map !== undefined
    const wasAskedFor = useRef(showsMap)
    const mapButton = useRef<HTMLSpanElement>(null)
    const showMap = (isWanted: boolean) => {
        wasAskedFor.current = isWanted
        route(address({ map: isWanted ? "1" : undefined, pick: query.pick }), true)
        if (!isWanted) mapButton.current?.querySelector("button")?.focus()
    }
    const go = (to: string) => route(address({ date: to === today ? undefined : to }))
    return (
        <div class="page board">
            <div class="page-head">
                <h1>{text.title}</h1>
                <DayChoice date={date} today={today} onGo={go} />
                <p class="board-day">{wholeDay(moment(date, 12 * 60))}</p>
                <span ref={mapButton} class="no-print">
                    <Button icon={MapIcon} aria-pressed={showsMap} onClick={() => showMap(!showsMap)}>
                        {words.value.deskMap.show}
                    </Button>
                </span>
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
                        map={showsMap ? { wasAskedFor, onClose: () => showMap(false) } : undefined}
                        picked={query.pick}
                        onPick={(pick) => route(address({ pick }), true)}
                        onOpen={(job) => route(address({ job, pick: job ?? query.pick }), true)}
                        onMoved={day.reload}
                    />
                )}
            </Answered>
        </div>
    )
}

interface DayChoiceProps {
    date: string
    today: string
    onGo: (date: string) => void
}

function DayChoice({ date, today, onGo }: DayChoiceProps) {
    const text = words.value.deskBoard
    return (
        <div class="row no-print">
            <IconButton icon={ChevronLeft} label={text.previous} onClick={() => onGo(dayAfter(date, -1))} />
            <label class="field board-date">
                <span class="unseen">{text.date}</span>
                <input
                    type="date"
                    value={date}
                    onChange={(event) => event.currentTarget.value && onGo(event.currentTarget.value)}
                />
            </label>
            <IconButton icon={ChevronRight} label={text.next} onClick={() => onGo(dayAfter(date))} />
            <Button disabled={date === today} onClick={() => onGo(today)}>
                {words.value.deskShell.today}
            </Button>
        </div>
    )
}

/** Whose board, for those who see them all. */
function OutletChoice({ outlet, onChoose }: { outlet: string; onChoose: (outlet: string) => void }) {
    const outlets = useLoaded("outlets", everyOutlet, { movesWith: () => false })
    return (
        <label class="field board-outlet no-print">
            <span class="unseen">{words.value.deskShell.outlets}</span>
            <select value={outlet} onChange={(event) => onChoose(event.currentTarget.value)}>
                {outlets.data?.map((known) => (
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
    /** Where it is wanted. */
    map: Pick<BoardMapProps, "wasAskedFor" | "onClose"> | undefined
    /** The job that is marked on board and map. */
    picked: string | undefined
    onPick: (job: string) => void
    onMoved: () => Promise<void>
}

interface Refusal {
    job: string
    wish: Wish
    problem: unknown
}

/** Sends a job out where it was dropped; what the server says to it is kept for the dialog. */
function useDrop(day: Day, midnight: number, onOpen: OpenedProps["onOpen"], onMoved: OpenedProps["onMoved"]) {
    const refusal = useSignal<Refusal | undefined>(undefined)
    const act = useAct()
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
    return { refusal, isBusy: act.isBusy, drop }
}

function stretchesOf(day: Day, midnight: number): Map<string, Stretch> {
    const found = day.visits.flatMap((job) => stretch(job, midnight) ?? [])
    return new Map(found.map((visit) => [visit.id, visit]))
}

function Opened({ day, midnight, open, onOpen, onMoved, map, picked, onPick }: OpenedProps) {
    const { route } = useLocation()
    const mayDispatch = may("dispatch")
    const { refusal, isBusy, drop } = useDrop(day, midnight, onOpen, onMoved)
    const stretches = stretchesOf(day, midnight)
    const hands = {
        hours: shownHours([...stretches.values()]),
        onDrop: mayDispatch ? (job: Job, target: Target) => void drop(job, target) : undefined,
        onOpen: (job: Job) => (mayDispatch ? onOpen(job.id) : route(`/desk/jobs/${job.id}`)),
    }
    const refused = refusal.value?.job === open ? refusal.value : undefined
    return (
        <>
            <Closing clocks={day.closing} />
            <Late day={day} onOpen={hands.onOpen} />
            <div class={map ? "board-rooms board-with-map" : "board-rooms"}>
                <div class="board-halves" aria-busy={isBusy}>
                    <Grid
                        day={day}
                        midnight={midnight}
                        stretches={stretches}
                        legs={legsOfDay(day)}
                        picked={picked}
                        {...hands}
                    />
                    <Tray day={day} {...hands} />
                </div>
                {map && (
                    <BoardMap
                        {...map}
                        day={day}
                        picked={picked}
                        onPick={onPick}
                        onOpen={hands.onOpen}
                        onPlaced={() => void onMoved()}
                    />
                )}
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
