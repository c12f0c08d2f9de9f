/**
 * The customer's page in a real browser: where the technician is, a choice among offers, a signature with the finger that waits for the
 * network, the sheet on paper, "it is broken again", and the end of the link. And the same without any script.
 */
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { violations } from "./axe.ts"
import { browsers, type Looks, PHONE } from "./browser.ts"
import { type Caller, Server } from "./server.ts"
import { draw } from "./visit.ts"

const ALL = ["view", "accept", "sign", "rate"]
const MANNERS: Pick<Looks, "language" | "isDark">[] = [{}, { isDark: true, language: "en" }]
const SCRIPT = `"><script>document.title = "taken over"</script><img src=x onerror="document.title='taken over'">`

let server: Server
let office: Caller
const browser = browsers()
beforeAll(async () => {
    server = await Server.start()
    office = await server.as("manager")
})
afterAll(() => server.end())

interface Job {
    id: string
    number: string
    name: string
    status: string
}

/** Jobs of the example company that stand so. */
async function jobs(status: string): Promise<Job[]> {
    const { items } = await office.get<{ items: Job[] }>("/v1/jobs?limit=200")
    return items.filter((job) => job.status === status)
}

async function jobAt(status: string): Promise<Job> {
    const [job] = await jobs(status)
    if (!job) throw new Error(`no job of the example company is ${status}`)
    return job
}

/** The address of a new link. */
async function linkTo(job: Job, scope = ALL): Promise<string> {
    const { url } = await office.post<{ url: string }>(`/v1/jobs/${job.id}/links`, { scope })
    return `${server.url}${new URL(url).pathname}`
}

const inLanguage = (address: string, looks: Pick<Looks, "language">) =>
    looks.language ? `${address}?lang=${looks.language}` : address

async function offer(job: Job, option: string, lines: [code: string, quantity: number][]): Promise<void> {
    const body = { option, lines: lines.map(([code, quantity]) => ({ code, quantity_milli: quantity * 1000 })) }
    await office.post(`/v1/jobs/${job.id}/quotes`, body)
}

/** Two offers that share a line. */
async function offers(job: Job): Promise<void> {
    await offer(job, "维修", [
        ["R001", 1],
        ["R103", 1],
    ])
    await offer(job, "更换传感器", [
        ["R001", 1],
        ["R104", 2],
    ])
}

async function photograph(page: Page, screen: string): Promise<void> {
    const path = process.env.PICTURES && join(process.env.PICTURES, `customer-${screen}.png`)
    if (path) await page.screenshot({ path, fullPage: true })
}

test("every state of the page is for everybody, in both languages and colour schemes", async () => {
    const choice = await jobAt("on_site")
    await offers(choice)
    const wrong: string[] = []
    for (const manner of MANNERS) {
        const looking = await browser({ ...PHONE, ...manner })
        const page = await looking.page("about:blank")
        for (const status of ["ready", "en_route", "on_site", "tested", "closed", "waiting_part", "cancelled"]) {
            const job = status === "on_site" ? choice : await jobAt(status)
            // A cancelled job's customer gets no link any more.
            const address = status === "cancelled" ? `${server.url}/c/nobody` : await linkTo(job)
            await page.goto(inLanguage(address, manner))
            for (const more of await page.locator("summary").all()) await more.click()
            const screen = [status, manner.language ?? "zh-CN", manner.isDark ? "dark" : "light"].join("-")
            wrong.push(...(await violations(page, screen)))
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
            expect(overflow, `${screen} is wider than the phone`).toBeLessThanOrEqual(0)
            await photograph(page, screen)
        }
        expect(looking.complaints).toEqual([])
    }
    expect(wrong).toEqual([])
})

test("a customer sees where the technician is, and nothing of other jobs", async () => {
    const [one, other] = await jobs("en_route")
    if (!one || !other) throw new Error("two technicians of the example company are on their way")
    const looking = await browser(PHONE)
    const page = await looking.page(await linkTo(one))
    await page.getByRole("heading", { name: "服务工程师正在路上。" }).waitFor()
    expect(await page.locator("[aria-current=step]").innerText()).toMatch(/^在路上/)
    expect(await page.getByText(/上门时间：/).innerText()).toMatch(/周.）\d{2}:\d{2}–/)
    const shown = await page.content()
    expect(shown).toContain(one.number)
    for (const secret of [other.number, other.id, one.id]) expect(shown).not.toContain(secret)
    const token = page.url().split("/").at(-1)
    // Whose link it is decides, whatever else is named beside it.
    for (const path of [`/c/${token}/${other.id}`, `/v1/jobs/${other.id}`, `/v1/jobs/${one.id}/sheet.pdf`]) {
        const status = await page.evaluate(async (path) => (await fetch(path)).status, path)
        expect([401, 404], path).toContain(status)
    }
})

test("a link that was never given and one that was ended are told alike", async () => {
    const job = await jobAt("appointed")
    const address = await linkTo(job)
    const looking = await browser(PHONE)
    const page = await looking.page(address)
    await page.getByText("这不是您的报修？停用此链接").click()
    await page.getByRole("button", { name: "停用链接" }).click()
    await page.getByRole("heading", { name: "链接已停用" }).waitFor()
    await page.goto(address)
    const ended = await page.content()
    await page.goto(`${server.url}/c/${"A".repeat(43)}`)
    expect(await page.content()).toBe(ended)
    expect(ended).toContain("链接无效或已过期")
})

test("of offers that stand beside each other the customer takes one, and may change their mind", async () => {
    const job = await jobAt("accepted")
    await offers(job)
    const looking = await browser(PHONE)
    const page = await looking.page(await linkTo(job))
    const rows = page.getByRole("region", { name: "方案对比" }).getByRole("row")
    expect(await rows.count()).toBe(5)
    expect(await rows.last().innerText()).toMatch(/合计/)
    const offered = (option: string) => {
        const heading = page.locator("h3").filter({ hasText: new RegExp(`^${option}`) })
        return { heading, form: page.locator(".offer").filter({ has: heading }) }
    }
    const choose = async (option: string, button: string) => {
        const { heading, form } = offered(option)
        await form.getByText(button).click()
        await form.getByLabel("您的姓名").fill(job.name)
        await form.getByRole("button", { name: /认可报价，同意维修/ }).click()
        await page.getByText("您已认可报价，谢谢。").waitFor()
        expect(await heading.innerText()).toContain("已认可")
    }
    await choose("更换传感器", "选择此方案")
    expect(await offered("维修").heading.innerText()).toContain("未选用")
    await choose("维修", "改选此方案")
    const { record } = await office.get<{ record: { consents: object; quotes: object } }>(`/v1/jobs/${job.id}`)
    expect([Object.keys(record.quotes).length, Object.keys(record.consents).length]).toEqual([2, 2])
})

test("a signature that is drawn without network is kept, and sent when it is back", async () => {
    const job = await jobAt("signed")
    // What is changed after a signature waits for another.
    await office.patch(`/v1/jobs/${job.id}/report`, { fields: { name: "王女士" } })
    const looking = await browser(PHONE)
    const address = await linkTo(job)
    const page = await looking.page(address)
    const form = page.locator("form[data-keep]")
    await form.getByLabel("您的姓名").fill("王女士")
    await draw(page)
    await form
        .getByRole("group", { name: /维修质量/ })
        .getByLabel("5分")
        .check()
    await form.getByLabel("意见和建议（可选）").fill("师傅很细心")
    await looking.setOffline(true)
    await page.getByText("现在没有网络").waitFor()
    await form.getByRole("button", { name: "确认验收" }).click()
    await page.getByText("您的签字尚未提交").waitFor()
    await photograph(page, "offline-zh-CN-light")
    interface Signed {
        record: { sign_offs: { [id: string]: { name: string; strokes: string; remarks: string } } }
    }
    const signed = async () => Object.values((await office.get<Signed>(`/v1/jobs/${job.id}`)).record.sign_offs)
    expect(await signed()).toHaveLength(1)
    // Whoever closes the page meanwhile finds the signature again where they left it.
    await page.goto("about:blank")
    await looking.setOffline(false)
    await page.goto(address)
    await page.getByText("您已签字验收，谢谢。").waitFor()
    expect(await signed()).toHaveLength(2)
    const sign_off = (await signed()).find(({ remarks }) => remarks === "师傅很细心")
    expect(sign_off?.name).toBe("王女士")
    expect(sign_off?.strokes.split(" ").length).toBeGreaterThanOrEqual(5)

    await page.getByText("已签字：王女士").first().waitFor()
    const paper = await page.getByRole("link", { name: /PDF/ }).getAttribute("href")
    const [kind, begin] = await page.evaluate(async (path) => {
        const answer = await fetch(path)
        return [answer.headers.get("content-type"), (await answer.text()).slice(0, 5)]
    }, String(paper))
    expect([kind, begin]).toEqual(["application/pdf", "%PDF-"])

    await page.getByText("又坏了？申请返修").click()
    await page.getByLabel("现在是什么情况").fill("同样的故障又出现了")
    await page.getByRole("button", { name: "提交", exact: true }).click()
    await page.getByText("已登记返修").waitFor()
    await page.getByText(/告知又坏了/).waitFor()
    expect(looking.complaints).toEqual([])
})

test("a signature that the server does not take is not lost without a word", async () => {
    // What was signed has changed since, so there is something to sign again.
    const job = await jobAt("signed")
    await office.patch(`/v1/jobs/${job.id}/report`, { fields: { name: "王晓梅" } })
    const looking = await browser(PHONE)
    const page = await looking.page(await linkTo(job))
    const form = page.locator("form[data-keep]")
    await form.getByLabel("您的姓名").fill("   ")
    await looking.setOffline(true)
    await form.getByRole("button", { name: "确认验收" }).click()
    await page.getByText("您的签字尚未提交").waitFor()
    await looking.setOffline(false)
    await page.getByText(/签字未被接受：./).waitFor()
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test("without scripts the page tells everything and takes every answer but the drawing", async () => {
    const [refused, accepted] = await jobs("assigned")
    if (!accepted || !refused) throw new Error("two jobs of the example company wait for their visit")
    await offers(refused)
    await offer(accepted, "维修", [["R001", 1]])
    const looking = await browser({ ...PHONE, isScriptless: true })
    const page = await looking.page(await linkTo(refused))
    await page.getByText("这些方案都不同意").click()
    await page.getByLabel("原因").fill("先不修了")
    await page.getByRole("button", { name: "提交意见" }).click()
    await page.getByText("已记录您的意见").waitFor()
    expect(await page.getByText("未认可").count()).toBe(2)

    await page.goto(await linkTo(accepted))
    await page.getByLabel("您的姓名").fill("王女士")
    await page.getByRole("button", { name: /认可报价，同意维修/ }).click()
    await page.getByText("您已认可报价，谢谢。").waitFor()

    const signed = (await jobs("signed")).at(-1)
    if (!signed) throw new Error("no job of the example company is signed")
    await office.patch(`/v1/jobs/${signed.id}/report`, { fields: { name: "王女士" } })
    await page.goto(await linkTo(signed))
    expect(await page.locator("canvas").isVisible()).toBe(false)
    await page.getByText("服务步骤").click()
    await page.getByText("接活").waitFor()
    await page.locator("form[data-keep]").getByLabel("您的姓名").fill("王女士")
    await page.getByRole("button", { name: "确认验收" }).click()
    await page.getByText("您已签字验收，谢谢。").waitFor()
    await photograph(page, "scriptless-zh-CN-light")
})

test("what looks like a script is shown as it was typed", async () => {
    const job = await jobAt("waiting_customer")
    const fields = ["name", "address", "fault", "product", "model", "serial", "wanted"]
    await office.patch(`/v1/jobs/${job.id}/report`, {
        fields: Object.fromEntries(fields.map((field) => [field, SCRIPT])),
    })
    await offer(job, SCRIPT, [["R001", 1]])
    const looking = await browser(PHONE)
    const page = await looking.page(await linkTo(job))
    expect(await page.getByText(SCRIPT, { exact: true }).count()).toBeGreaterThanOrEqual(5)
    await page.getByLabel("您的姓名").first().fill(SCRIPT)
    await page
        .getByRole("button", { name: /认可报价，同意维修/ })
        .first()
        .click()
    await page.getByText("您已认可报价，谢谢。").waitFor()
    expect(await page.title()).not.toContain("taken over")
    expect(await page.locator("main img").count()).toBe(0)
    expect(looking.complaints).toEqual([])
})
