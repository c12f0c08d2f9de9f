/** Photos that records name and nobody has sent: on whose phone they are, and since when. */
import { ArrowLeft, ImageUp } from "lucide"
import { api, body, type Schemas } from "../../api/client.ts"
import { Icon } from "../../design/icon.tsx"
import { Empty } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { Listed } from "../listed.tsx"
import { useList } from "../pages.ts"
import { dayAndTime } from "../../design/dates.ts"
import { now, span } from "../times.ts"

const KILOBYTE = 1000

export function OwedPhotos() {
    const { deskInbox, deskOwed } = words.value
    const list = useList("owed", (part) => body(api.GET("/v1/photos/owed", { params: { query: part } })))
    return (
        <div class="page">
            <a class="small job-back no-print" href="/desk/inbox">
                <Icon of={ArrowLeft} size={16} /> {deskInbox.title}
            </a>
            <h1>{deskOwed.title}</h1>
            <p class="soft">{deskOwed.hint}</p>
            <Listed of={list} empty={<Empty icon={ImageUp}>{deskOwed.none}</Empty>}>
                {(photos) => <Table photos={photos} />}
            </Listed>
        </div>
    )
}

function Table({ photos }: { photos: Schemas["OwedPhoto"][] }) {
    const text = words.value.deskOwed
    return (
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th>{text.who}</th>
                        <th>{text.job}</th>
                        <th>{text.step}</th>
                        <th>{text.takenAt}</th>
                        <th>{text.since}</th>
                        <th class="number">{text.size}</th>
                    </tr>
                </thead>
                <tbody>
                    {photos.map((photo) => (
                        <tr key={`${photo.job} ${photo.sha256}`}>
                            <td>
                                <a href={`/desk/people/${photo.person}`}>{photo.person_name}</a>{" "}
                                <span class="small soft">{photo.device_name}</span>
                            </td>
                            <td class="keep">
                                <a class="figures" href={`/desk/jobs/${photo.job}/photos`}>
                                    {photo.number}
                                </a>
                            </td>
                            <td>{pick(photo.step_name)}</td>
                            <td class="keep figures">{dayAndTime(photo.taken_at)}</td>
                            <td class="keep figures">{span(now.value - Date.parse(photo.since))}</td>
                            <td class="number figures">{text.kilobytes(Math.ceil(photo.bytes / KILOBYTE))}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    )
}
