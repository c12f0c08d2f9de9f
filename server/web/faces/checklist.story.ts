/** A checklist that the company publishes: from the file at the desk to the steps on a phone, which shows the job before they are there. */
import { readFile } from "node:fs/promises"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { violations } from "./axe.ts"
import { browsers, DESKTOP, PHONE } from "./browser.ts"
import { assignTo, signIn, signInAt } from "./cast.ts"
import type { Template } from "./moments.ts"
import { type Caller, Server } from "./server.ts"

let server: Server
let desk: Caller
let technician: string
const browser = browsers()
beforeAll(async () => {
    server = await Server.start()
    desk = await server.as("dispatcher")
    technician = (await (await server.as("tech1")).get<{ id: string }>("/v1/me")).id
})
afterAll(() => server.end())

const publish = (page: Page) => page.getByRole("button", { name: /^发布/ })

/** The page's form with this as its file. */
async function choose(page: Page, template: unknown): Promise<void> {
    const buffer = Buffer.from(JSON.stringify(template))
    await page.getByLabel(/^流程文件/).setInputFiles({ name: "home_repair.json", mimeType: "application/json", buffer })
}

test("a manager publishes a step more, and jobs from then on have it while those before have not", async () => {
    const before = await assignTo(desk, technician, "水龙头漏水")
    const phone = await signIn(server.url, await browser(PHONE))
    const page = await signInAt(server, await browser(DESKTOP), "manager")
    await page.goto(`${server.url}/desk/outlets/templates/home_repair/1`)
    const coming = page.waitForEvent("download")
    await page.getByRole("button", { name: "下载文件" }).click()
    const template: Template = JSON.parse(await readFile(await (await coming).path(), "utf8"))
    const testing = template.steps.findIndex(({ id }) => id === "testing")
    const named = { zh: "抄表", en: "" }
    const step = { ...template.steps[testing], id: "read_meter", name: named, stage: null, evidence: [], plays: [] }
    template.steps.splice(testing + 1, 0, step as Template["steps"][number])
    await page.goto(`${server.url}/desk/outlets`)

    await choose(page, template)
    await page.getByRole("cell", { name: `第 ${testing + 2} 步（read_meter） › name › en` }).waitFor()
    expect(await publish(page).isDisabled()).toBe(true)
    named.en = "Read the meter"
    await choose(page, template)
    await page.getByText("文件写的是第 1 版，应为第 2 版").waitFor()
    template.version = 2
    await choose(page, template)
    await page.getByText("与第 1 版相比").waitFor()
    await page.getByText("新增步骤").waitFor()
    expect(await violations(page, "publishing a checklist")).toEqual([])
    await page.getByRole("button", { name: "发布第 2 版" }).click()
    await page.getByText("第 2 版已发布").waitFor()
    await page.getByText("现行").first().waitFor()

    // The line brings the job, and its steps do not come yet.
    await phone.route(/\/v1\/(reference|templates)/, (route) => route.abort())
    const after = await assignTo(desk, technician, "燃气灶打不着火")
    await phone.goto(`${server.url}/phone/jobs/${after}`)
    await phone.getByText("流程还没有下载到本机").waitFor()
    await phone.getByText("燃气灶打不着火").waitFor()
    await phone.getByLabel("备注").fill("钥匙在门卫")
    await phone.getByLabel("备注").blur()
    expect(await violations(phone, "a job without its checklist")).toEqual([])
    await phone.unroute(/\/v1\/(reference|templates)/)
    await phone.reload()
    await phone.getByRole("link", { name: "抄表" }).waitFor()
    expect(await phone.getByLabel("备注").inputValue()).toBe("钥匙在门卫")
    await phone.goto(`${server.url}/phone/jobs/${before}`)
    await phone.getByRole("link", { name: "试机通检" }).waitFor()
    expect(await phone.getByRole("link", { name: "抄表" }).count()).toBe(0)
})

test("who takes a report chooses the checklist", async () => {
    const page = await signInAt(server, await browser(DESKTOP), "desk")
    await page.goto(`${server.url}/desk/intake`)
    const choice = page.getByLabel("上门流程")
    await choice.waitFor()
    await choice.selectOption("short_visit")
    await page.getByLabel("故障", { exact: true }).fill("滤芯到期，要换")
    await page.getByRole("button", { name: "登记并开工单" }).click()
    await page.waitForURL(/\/desk\/intake\/.+/)
    const report = await desk.get<{ job: string }>(`/v1/reports/${page.url().split("/").at(-1)}`)
    const { record } = await desk.get<{ record: { meta: { template: string } } }>(`/v1/jobs/${report.job}`)
    expect(record.meta.template).toBe("short_visit")
})
