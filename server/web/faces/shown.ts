import { assignTo } from "./cast.ts"
import type { Shown } from "./screens.ts"
import type { Server } from "./server.ts"

interface List<T> {
    items: T[]
}

/** What the demo company has to show, with a job that is new in a technician's hands. */
export async function whatThereIs(server: Server): Promise<Shown> {
    const manager = await server.as("manager")
    const jobWith = async (status: string) => {
        const { items } = await manager.get<List<{ id: string }>>(`/v1/jobs?status=${status}&limit=1`)
        return items[0]?.id ?? ""
    }
    const link = async (job: string) => {
        const scope = ["view", "accept", "sign", "rate"]
        const { url } = await manager.post<{ url: string }>(`/v1/jobs/${job}/links`, { scope })
        return new URL(url).pathname
    }
    const [signed, waiting, tested] = [await jobWith("signed"), await jobWith("ready"), await jobWith("tested")]
    const technician = await (await server.as("tech1")).get<{ id: string }>("/v1/me")
    const assigned = await assignTo(manager, technician.id)
    const [report] = (await manager.get<List<{ id: string }>>("/v1/reports?limit=1")).items
    const { id: person } = await manager.get<{ id: string }>("/v1/me")
    const { record } = await manager.get<{ record: { meta: { template: string; template_version: number } } }>(
        `/v1/jobs/${signed}`,
    )
    const template = `${record.meta.template}/${record.meta.template_version}`
    const links = { signed: await link(signed), waiting: await link(waiting), tested: await link(tested) }
    return { signed, waiting, assigned, report: report?.id ?? "", person, template, links }
}
