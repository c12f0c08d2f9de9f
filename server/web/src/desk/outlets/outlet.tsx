/** One outlet: its settings with what is usual, to change for who may and to read for everybody else; or a new one. */
import { ArrowLeft, Store } from "lucide"
import { useLocation, useRoute } from "preact-iso"
import { api, body, changing, type Schemas } from "../../api/client.ts"
import { Icon } from "../../design/icon.tsx"
import { Empty, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { say } from "../said.ts"
import { type Asked, OutletForm } from "./outlet_form.tsx"
import { OutletFacts } from "./outlet_facts.tsx"

const defaultsOf = () => body(api.GET("/v1/outlet-defaults"))

export function OutletPage() {
    const { route } = useLocation()
    const { everywhere, deskOutlets } = words.value
    const id = useRoute().params.id ?? ""
    const path = { id }
    const load = async () => {
        const [outlet, defaults] = await Promise.all([
            body(api.GET("/v1/outlets/{id}", { params: { path } })),
            defaultsOf(),
        ])
        return { outlet, defaults }
    }
    const loaded = useLoaded(id, load, { movesWith: () => false })
    const save = async ({ code: _code, settings, ...rest }: Asked) => {
        // All settings go together: what is left out is as usual again.
        const input = { ...rest, settings: changing<Schemas["OutletSettings"]>(settings) }
        const outlet = await body(api.PATCH("/v1/outlets/{id}", { params: { path }, body: input }))
        say(deskOutlets.saved(outlet.name))
        route("/desk/outlets")
    }
    return (
        <div class="page">
            <Back />
            <Answered of={loaded}>
                {({ outlet, defaults }) => (
                    <>
                        <div class="row">
                            <h1>{outlet.name}</h1>
                            <Tag>{outlet.code}</Tag>
                        </div>
                        {may("manage_people") ? (
                            <OutletForm
                                key={outlet.id}
                                outlet={outlet}
                                defaults={defaults}
                                save={everywhere.save}
                                onSave={save}
                                onCancel={() => route("/desk/outlets")}
                            />
                        ) : (
                            <OutletFacts outlet={outlet} defaults={defaults} />
                        )}
                    </>
                )}
            </Answered>
        </div>
    )
}

export function NewOutletPage() {
    const { route } = useLocation()
    const { deskOutlets, deskShell } = words.value
    const loaded = useLoaded("defaults", defaultsOf, { movesWith: () => false })
    const save = async ({ settings, ...rest }: Asked) => {
        const input = { ...rest, settings: changing<Schemas["OutletSettings"]>(settings) }
        const outlet = await body(api.POST("/v1/outlets", { headers: once(), body: input }))
        say(deskOutlets.saved(outlet.name))
        route("/desk/outlets")
    }
    if (!may("manage_people")) return <Empty icon={Store}>{deskShell.notAllowed}</Empty>
    return (
        <div class="page">
            <Back />
            <h1>{deskOutlets.create}</h1>
            <Answered of={loaded}>
                {(defaults) => (
                    <OutletForm
                        defaults={defaults}
                        save={deskOutlets.create}
                        onSave={save}
                        onCancel={() => route("/desk/outlets")}
                    />
                )}
            </Answered>
        </div>
    )
}

function Back() {
    return (
        <a class="small job-back no-print" href="/desk/outlets">
            <Icon of={ArrowLeft} size={16} /> {words.value.deskOutlets.all}
        </a>
    )
}
