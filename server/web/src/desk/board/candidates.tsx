import { api, body, type Schemas } from "../../api/client.ts"
import { Button, Tag } from "../../design/parts.tsx"
import { wayText } from "../../design/ways.ts"
import { pick, words } from "../../words.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { windowText } from "../../design/dates.ts"
import type { Job } from "./day.ts"

type Window = Schemas["Window"]

interface CandidatesProps {
    job: Job
    window: Window | undefined
    isBusy: boolean
    onAssign: (technician: Schemas["PersonName"]) => void
}

/** Every technician with what speaks for and against; the best first. */
export function Candidates({ job, window, isBusy, onAssign }: CandidatesProps) {
    const text = words.value.deskBoard
    const asked = useLoaded(`${job.id} ${window?.from} ${window?.to}`, () =>
        body(
            api.GET("/v1/jobs/{id}/candidates", {
                params: { path: { id: job.id }, query: window ? { from: window.from, to: window.to } : {} },
            }),
        ),
    )
    return (
        <section class="stack" aria-label={text.candidates}>
            <h3>{text.candidates}</h3>
            <Answered of={asked}>
                {(candidates) => (
                    <ul class="board-candidates">
                        {candidates.map((candidate) => (
                            <CandidateLine
                                key={candidate.technician.id}
                                candidate={candidate}
                                hasIt={job.technician?.id === candidate.technician.id}
                                isBusy={isBusy}
                                onAssign={onAssign}
                            />
                        ))}
                    </ul>
                )}
            </Answered>
        </section>
    )
}

/** How far it is from the visit before, or from where technicians set out. */
function ApproachLine({ approach }: { approach: Schemas["Approach"] }) {
    const { deskBoard, deskMap, travel } = words.value
    const { from, way, free_minutes: free } = approach
    return (
        <span class="small soft figures">
            {deskBoard.approach(from ?? deskMap.outlet, wayText(way))}
            {free != null && free >= 0 && ` · ${deskBoard.freeBefore(travel.minutes(free))}`}
        </span>
    )
}

interface LineProps {
    candidate: Schemas["Candidate"]
    hasIt: boolean
    isBusy: boolean
    onAssign: (technician: Schemas["PersonName"]) => void
}

function CandidateLine({ candidate, hasIt, isBusy, onAssign }: LineProps) {
    const { deskBoard, deskShell, terms } = words.value
    const hours = Math.round(candidate.minutes_that_day / 6) / 10
    const clashes = candidate.appointments.filter((appointment) => appointment.clashes)
    return (
        <li class="board-candidate">
            <div class="board-candidate-text">
                <span class="row">
                    <strong>{candidate.technician.name}</strong>
                    <span class="soft small figures">{candidate.staff_number}</span>
                    {candidate.fits && candidate.reasons.length === 0 && <Tag tone="good">{deskBoard.fits}</Tag>}
                    {candidate.reasons.map((reason) => (
                        <Tag key={reason.fact} tone={reason.is_against ? "warn" : "info"}>
                            {pick(reason.text)}
                        </Tag>
                    ))}
                </span>
                <span class="small soft">
                    {deskShell.listed(candidate.skills.map((skill) => terms.skill[skill] ?? skill))}
                </span>
                <span class="small soft">
                    {[
                        deskBoard.jobsThatDay(candidate.jobs_that_day, String(hours)),
                        deskBoard.jobsOpen(candidate.jobs_open),
                        candidate.visits_here > 0 && deskBoard.visitsHere(candidate.visits_here),
                    ]
                        .filter(Boolean)
                        .join(" · ")}
                </span>
                {candidate.approach && <ApproachLine approach={candidate.approach} />}
                {clashes.map((clash) => (
                    <span key={clash.job} class="small board-clash">
                        {deskBoard.clashesWith(clash.number, windowText(clash.window))}
                    </span>
                ))}
            </div>
            <Button
                {...(candidate.fits && { kind: "main" as const })}
                disabled={isBusy}
                aria-label={deskShell.about(deskBoard.assign, candidate.technician.name)}
                onClick={() => onAssign(candidate.technician)}
            >
                {hasIt ? deskBoard.hasIt : deskBoard.assign}
            </Button>
        </li>
    )
}
