import { Image, ImageOff } from "lucide"
import { api, body, type Schemas } from "../../api/client.ts"
import { accessToken } from "../../api/session.ts"
import { Icon } from "../../design/icon.tsx"
import { Button, Empty, Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Answered, Trouble } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { stepName } from "../../core/place.ts"
import { Picture } from "../picture.tsx"
import { dayAndTime } from "../../design/dates.ts"
import { nameOf, type TabProps } from "./job.tsx"
import { Where } from "./where.tsx"

/** The photos that the record names, those too that nobody has sent yet. */
export function PhotosTab({ detail, template }: TabProps) {
    const text = words.value.deskJob.photos
    const { id } = detail.job
    const loaded = useLoaded(id, () => body(api.GET("/v1/jobs/{id}/photos", { params: { path: { id } } })), {
        movesWith: (job) => job === null || job === id,
    })
    const nameOfStep = (step: string) => pick(stepName(step, template))
    return (
        <Answered of={loaded}>
            {(photos) =>
                photos.length === 0 ? (
                    <Empty icon={Image}>{text.none}</Empty>
                ) : (
                    <ul class="job-photos">
                        {photos.map((photo) => (
                            <li key={photo.sha256} class="card">
                                <Photo job={id} photo={photo} label={nameOfStep(photo.step)} />
                                <strong>{nameOfStep(photo.step)}</strong>
                                <span class="small soft figures">
                                    {nameOf(detail, photo.by)} · {text.takenAt(dayAndTime(photo.taken_at))}
                                </span>
                                <Where place={photo.evidence?.place} detail={detail} />
                            </li>
                        ))}
                    </ul>
                )
            }
        </Answered>
    )
}

function Photo({ job, photo, label }: { job: string; photo: Schemas["JobPhoto"]; label: string }) {
    const text = words.value.deskJob.photos
    const act = useAct()
    const at = `/v1/jobs/${job}/photos/${photo.sha256}`
    if (photo.refused)
        return (
            <span class="picture job-owed">
                <Icon of={ImageOff} size={28} />
                <Tag tone="bad">{text.refused}</Tag>
                <span class="small">{text.refusedWhy[photo.refused]}</span>
            </span>
        )
    if (!photo.received_at)
        return (
            <span class="picture job-owed">
                <Icon of={ImageOff} size={28} />
                <Tag tone="warn">{text.owed}</Tag>
                <span class="small">{text.owedHint}</span>
            </span>
        )
    return (
        <>
            <Picture src={`${at}?size=shown`} alt={label} width={photo.width} height={photo.height} />
            <Button kind="quiet" disabled={act.isBusy} onClick={() => void act.run(() => openOriginal(at))}>
                {text.open}
            </Button>
            <Trouble of={act.problem} />
        </>
    )
}

/** A window can send no token: the picture is fetched here and shown from memory. */
async function openOriginal(at: string): Promise<void> {
    const opened = window.open("", "_blank")
    const response = await fetch(at, { headers: { Authorization: `Bearer ${await accessToken()}` } })
    if (!response.ok) {
        opened?.close()
        throw new Error(String(response.status))
    }
    opened?.location.replace(URL.createObjectURL(await response.blob()))
}
