import { Camera } from "lucide"
import { useSignal } from "@preact/signals"
import { useEffect, useState } from "preact/hooks"
import type { JobView } from "../../core/handset.ts"
import type { Hash, JobId } from "../../core/id.ts"
import type { PhotoRefusal } from "../../core/store/entry.ts"
import type { StepTemplate } from "../../core/template.ts"
import { Icon } from "../../design/icon.tsx"
import { Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { handset, isAway, me, syncSoon } from "../phone.ts"
import { evident } from "../photo/picture.ts"
import { sentPhoto } from "../photo/sent_photo.ts"
import { tellsPlace } from "../here.ts"
import { toldOfPhoto } from "../told.ts"
import { Here, saysPlace } from "./here.tsx"

/** Photos of this step, and the camera. A photo is on this phone before the record names it. */
export function Photos({ job, step }: { job: JobView; step: StepTemplate }) {
    const problem = useSignal<unknown>(undefined)
    const said = words.value.step
    const asked = (step.evidence ?? []).filter((evidence) => evidence.kind === "photo")
    const taken = Object.entries(job.record.photos).filter(([, photo]) => photo.step === step.id)
    const take = async (input: HTMLInputElement) => {
        const [file] = input.files ?? []
        input.value = ""
        if (!file) return
        problem.value = undefined
        try {
            await handset.value?.addPhoto(job.id, step.id, await evident(file))
            syncSoon()
        } catch (error) {
            problem.value = error
        }
    }
    return (
        <section class="stack">
            <div class="row row-apart">
                <h2>{asked[0] ? pick(asked[0].label) : said.photos}</h2>
                {!job.gone && (
                    <label class="button">
                        <Icon of={Camera} />
                        {said.takePhoto}
                        <input
                            type="file"
                            class="unseen"
                            accept="image/*"
                            capture="environment"
                            onChange={(event) => void take(event.currentTarget)}
                        />
                    </label>
                )}
            </div>
            {asked.length > 0 && tellsPlace.value === undefined && !saysPlace(step) && !job.gone && <Here />}
            {problem.value !== undefined && <Notice tone="bad">{toldOfPhoto(problem.value)}</Notice>}
            {taken.length > 0 && (
                <ul class="photos">
                    {taken.map(([sha256]) => (
                        <li key={sha256}>
                            <Thumbnail job={job} sha256={sha256} label={pick(step.name)} />
                            <Refused why={job.photosRefused.get(sha256)} />
                        </li>
                    ))}
                </ul>
            )}
        </section>
    )
}

/** The office never gets this one: whoever can takes another. */
function Refused({ why }: { why: PhotoRefusal | undefined }) {
    return why ? <Notice tone="warn">{words.value.sentPhoto.refused[why]}</Notice> : null
}

/** The photo from this phone's own store; once it is with the office, its small copy, or words that say so. */
function Thumbnail({ job, sha256, label }: { job: JobView; sha256: Hash; label: string }) {
    const [url, setUrl] = useState<string>()
    const isOwed = job.photosOwed.includes(sha256)
    const isWithout = isAway.value
    useEffect(() => {
        let made: string | undefined
        let isOver = false
        void find(job.id, sha256).then((blob) => {
            if (!blob || isOver) return
            made = URL.createObjectURL(blob)
            setUrl(made)
        })
        return () => {
            isOver = true
            if (made) URL.revokeObjectURL(made)
        }
        // Looked for anew when the photo was sent, and when the network is back.
    }, [sha256, isOwed, isWithout])
    if (url) return <img src={url} alt={label} />
    if (isOwed) return <Icon of={Camera} label={label} />
    const said = words.value.sentPhoto
    const isOwn = job.record.photos[sha256]?.by === me.value?.person
    return <p class="small soft photo-sent">{!isOwn ? said.others : isWithout ? said.offline : said.later}</p>
}

async function find(job: JobId, sha256: Hash): Promise<Blob | undefined> {
    const phone = handset.value
    if (!phone) return undefined
    return (await phone.photo(sha256)) ?? sentPhoto(phone, job, sha256)
}
