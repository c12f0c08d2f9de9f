import type { Caller, Server } from "./server.ts"
import { Browser, PHONE } from "./browser.ts"
import { assignTo } from "./cast.ts"

/** Jobs of tech1's, by what happens to them, and what else is about to happen. */
export interface Moments {
    /** Two requests for a price: one is answered, one waits. */
    priced: string
    /** The customer has accepted work that can destroy data. */
    copied: string
    /** Its technician will be late, on this day. */
    late: string
    day: string
    /** Waits for a part. */
    held: string
    /** With an offer that nobody has accepted. */
    offered: string
    links: { late: string; copied: string }
    /** A checklist's file that is wrong in many places, and one that could be published. */
    wrong: string
    next: string
}

/** Of a checklist's file, what stories look at. */
export interface Template {
    version: number
    steps: {
        id: string
        name: { zh: string; en: string }
        stage: string | null
        evidence: unknown[]
        plays: unknown[]
    }[]
}

const HOUR_MS = 3_600_000

export async function whatHappens(server: Server): Promise<Moments> {
    const desk = await server.as("dispatcher")
    const manager = await server.as("manager")
    const { id: technician } = await (await server.as("tech1")).get<{ id: string }>("/v1/me")
    const from = Math.ceil(Date.now() / HOUR_MS + 1) * HOUR_MS
    const window = { from: new Date(from).toISOString(), to: new Date(from + HOUR_MS).toISOString() }
    const late = await assignTo(desk, technician, "水龙头漏水", window)
    const arrives_at = new Date(from + HOUR_MS / 2).toISOString()
    await desk.post(`/v1/jobs/${late}/delays`, { arrives_at, reason: "上一单未完" })
    const given = (fault: string) => assignTo(desk, technician, fault)
    const [priced, copied, held, offered] = [
        await given("恒温阀芯坏"),
        await given("电脑开不了机"),
        await given("热水器不点火，显示 E1"),
        await given("洗衣机不脱水"),
    ]
    await askPrices(server, desk, priced)
    await desk.post(`/v1/jobs/${held}/holds`, { kind: "part", reason: "等恒温阀芯" })
    for (const [job, code] of [
        [copied, "C002"],
        [offered, "R001"],
    ])
        await desk.post(`/v1/jobs/${job}/quotes`, { lines: [{ code, quantity_milli: 1_000 }], option: null })
    const linkTo = async (job: string) => {
        const { url } = await desk.post<{ url: string }>(`/v1/jobs/${job}/links`, { scope: ["view", "accept", "sign"] })
        return new URL(url).pathname
    }
    const links = { late: await linkTo(late), copied: await linkTo(copied) }
    await accept(`${server.url}${links.copied}`)
    const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(from)
    return { priced, copied, late, day, held, offered, links, ...(await checklists(manager)) }
}

async function askPrices(server: Server, desk: Caller, job: string): Promise<void> {
    const ask = (text: string) => desk.post<{ id: string }>(`/v1/jobs/${job}/price-requests`, { text })
    const answered = await ask("更换进口恒温阀芯（含密封圈），原厂编号 47450000")
    const engineer = await server.as("engineer")
    const price = { feasible: true, unit: "套", price_minor: 38_000, remark: "含人工" }
    await engineer.post(`/v1/price-requests/${answered.id}/answer`, price)
    const refused = await ask("就地焊补水箱内胆")
    await engineer.post(`/v1/price-requests/${refused.id}/answer`, {
        feasible: false,
        remark: "内胆不能补焊，建议换整机",
    })
    await ask("更换电热水器镁棒（加长型）")
}

async function accept(address: string): Promise<void> {
    const browser = await Browser.open(PHONE)
    const page = await browser.page(`${address}?lang=zh-CN`)
    await page.getByLabel("您的姓名").fill("周桂兰")
    await page.getByRole("button", { name: /认可报价，同意维修/ }).click()
    await page.getByText("您已认可报价，谢谢。").waitFor()
    await browser.close()
}

async function checklists(manager: Caller): Promise<{ wrong: string; next: string }> {
    const template = await manager.get<Template>("/v1/templates/home_repair/1")
    const next = structuredClone(template)
    next.version = 2
    const testing = next.steps.findIndex(({ id }) => id === "testing")
    const named = { id: "read_meter", name: { zh: "抄表", en: "Read the meter" } }
    next.steps.splice(testing + 1, 0, {
        ...next.steps[testing],
        ...named,
        stage: null,
        evidence: [],
        plays: [],
    } as never)
    const [first, second] = next.steps
    if (first && second) [first.name.zh, second.evidence] = ["接单并核对", []]
    const wrong = structuredClone(next)
    for (const step of wrong.steps.slice(3, 8)) step.name.en = ""
    if (wrong.steps[2]) wrong.steps[2].id = wrong.steps[1]?.id ?? ""
    return { wrong: JSON.stringify(wrong), next: JSON.stringify(next) }
}
