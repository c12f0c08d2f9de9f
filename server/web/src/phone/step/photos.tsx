import { Camera } from "lucide"
import { useSignal } from "@preact/signals"
import { useEffect, useState } from "preact/hooks"
import type { JobView } from "../../core/handset.ts"
import type { Hash } from "../../core/id.ts"
import type { StepTemplate } from "../../core/template.ts"
import { Icon } from "../../design/icon.tsx"
import { Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { handset, syncSoon } from "../phone.ts"
import { toldOfPhoto } from "../told.ts"
import { smaller } from "./picture.ts"

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
            await handset.value?.addPhoto(job.id, step.id, await smaller(file))
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
            {problem.value !== undefined && <Notice tone="bad">{toldOfPhoto(problem.value)}</Notice>}
            {taken.length > 0 && (
                <ul class="photos">
                    {taken.map(([sha256]) => (
                        <li key={sha256}>
                            <Thumbnail sha256={sha256} label={pick(step.name)} />
                        </li>
                    ))}
                </ul>
            )}
        </section>
    )
}

/** The photo from this phone's own store. */
function Thumbnail({ sha256, label }: { sha256: Hash; label: string }) {
    const [url, setUrl] = useState<string>()
    useEffect(() => {
        let made: string | undefined
        void handset.value?.photo(sha256).then((blob) => {
            if (!blob) return
            made = URL.createObjectURL(blob)
            setUrl(made)
        })
        return () => {
            if (made) URL.revokeObjectURL(made)
        }
    }, [sha256])
    return url ? <img src={url} alt={label} /> : <Icon of={Camera} label={label} />
}
