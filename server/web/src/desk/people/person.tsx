/** One colleague, and the phones that they carry: a lost one is shut out here. */
import { useSignal } from "@preact/signals"
import { ArrowLeft } from "lucide"
import { useRoute } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { session } from "../../api/session.ts"
import { Icon } from "../../design/icon.tsx"
import { Button, Dialog, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered, Trouble } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { say } from "../said.ts"
import { dayAndTime } from "../../design/dates.ts"
import { Standing } from "./standing.tsx"

export function PersonPage() {
    const { deskLists, terms } = words.value
    const text = deskLists.people
    const id = useRoute().params.id ?? ""
    const loaded = useLoaded(id, () => body(api.GET("/v1/people/{id}", { params: { path: { id } } })), {
        movesWith: () => false,
    })
    return (
        <div class="page">
            <a class="small job-back" href="/desk/people">
                <Icon of={ArrowLeft} size={16} /> {text.back}
            </a>
            <Answered of={loaded}>
                {(person) => (
                    <>
                        <div class="row">
                            <h1>{person.name}</h1>
                            <Tag>{terms.role[person.role]}</Tag>
                            {person.disabled_at && <Tag tone="bad">{text.disabled}</Tag>}
                        </div>
                        {may("manage_people") && <Standing person={person} onChanged={loaded.reload} />}
                        <div class="job-halves">
                            <Facts person={person} />
                            {may("revoke_device") || session.value?.person.id === id ? (
                                <Devices person={person} />
                            ) : (
                                <p class="soft">{text.noDeviceAccess}</p>
                            )}
                        </div>
                    </>
                )}
            </Answered>
        </div>
    )
}

function OutletName({ id }: { id: string }) {
    const outlet = useLoaded(id, () => body(api.GET("/v1/outlets/{id}", { params: { path: { id } } })), {
        movesWith: () => false,
    })
    return outlet.data ? <a href={`/desk/outlets/${id}`}>{outlet.data.name}</a> : <>…</>
}

function Facts({ person }: { person: Schemas["Person"] }) {
    const { deskLists, deskStaff, terms } = words.value
    const text = deskLists.people
    return (
        <section class="card">
            <dl class="facts">
                <dt>{text.number}</dt>
                <dd class="figures">{person.staff_number}</dd>
                {person.login && (
                    <>
                        <dt>{text.login}</dt>
                        <dd>{person.login}</dd>
                    </>
                )}
                <dt>{text.phone}</dt>
                <dd class="figures" title={person.phone_is_masked ? deskStaff.masked : undefined}>
                    {person.phone}
                </dd>
                <dt>{deskStaff.outlet}</dt>
                <dd>
                    <OutletName id={person.outlet_id} />
                </dd>
                <dt>{text.skills}</dt>
                <dd>{person.skills.map((skill) => terms.skill[skill] ?? skill).join(" · ") || "–"}</dd>
            </dl>
            {person.role === "technician" && <a href={`/desk/jobs?technician=${person.id}`}>{text.current}</a>}
        </section>
    )
}

function Devices({ person }: { person: Schemas["Person"] }) {
    const text = words.value.deskLists.people
    const asked = useSignal<Schemas["Device"] | undefined>(undefined)
    const path = { id: person.id }
    const loaded = useLoaded(person.id, () => body(api.GET("/v1/people/{id}/devices", { params: { path } })))
    return (
        <section class="card" aria-label={text.devices}>
            <h2>{text.devices}</h2>
            <Answered of={loaded}>
                {(devices) =>
                    devices.length === 0 ? (
                        <p class="soft">{text.noDevices}</p>
                    ) : (
                        <ul class="stack">
                            {devices.map((device) => (
                                <li key={device.id} class="row row-apart">
                                    <span>
                                        <strong>{device.name}</strong>
                                        <br />
                                        <span class="small soft figures">
                                            {text.enrolled(dayAndTime(device.enrolled_at))}
                                        </span>
                                    </span>
                                    {device.revoked_at ? (
                                        <Tag tone="bad">{text.revokedAt(dayAndTime(device.revoked_at))}</Tag>
                                    ) : (
                                        may("revoke_device") && (
                                            <Button kind="bad" onClick={() => (asked.value = device)}>
                                                {text.revoke}
                                            </Button>
                                        )
                                    )}
                                </li>
                            ))}
                        </ul>
                    )
                }
            </Answered>
            {asked.value && (
                <Revoke
                    device={asked.value}
                    onClose={() => {
                        asked.value = undefined
                        void loaded.reload()
                    }}
                />
            )}
        </section>
    )
}

function Revoke({ device, onClose }: { device: Schemas["Device"]; onClose: () => void }) {
    const { deskLists, everywhere } = words.value
    const text = deskLists.people
    const act = useAct()
    const path = { id: device.id }
    const revoke = async () => {
        if (!(await act.run(() => body(api.DELETE("/v1/devices/{id}", { params: { path } }))))) return
        say(text.revoked(device.name))
        onClose()
    }
    return (
        <Dialog title={text.revokeTitle(device.name)} onClose={onClose}>
            <p>{text.revokeHint}</p>
            <Trouble of={act.problem} />
            <div class="row row-apart">
                <Button onClick={onClose}>{everywhere.cancel}</Button>
                <Button kind="bad" disabled={act.isBusy} onClick={() => void revoke()}>
                    {text.revoke}
                </Button>
            </div>
        </Dialog>
    )
}
