/** What leaves the desk as a file and what comes to it as one, and the settings that an outlet works by from then on. */
import { readFile, writeFile } from "node:fs/promises"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { browsers, DESKTOP, PHONE } from "./browser.ts"
import { assignTo, signIn, signInAt } from "./cast.ts"
import { runCommand } from "./process.ts"
import { type Caller, Server } from "./server.ts"

let server: Server
let dispatcher: Caller
const open = browsers()
beforeAll(async () => {
    server = await Server.start()
    dispatcher = await server.as("dispatcher")
})
afterAll(() => server.end())

const personOf = async (login: string) => (await (await server.as(login)).get<{ id: string }>("/v1/me")).id

/** A job of tech1's, with a note that their phone could not send; the phone is still open. */
async function writtenOffline(note: string): Promise<{ job: string; phone: Page; mend: () => Promise<void> }> {
    const job = await assignTo(dispatcher, await personOf("tech1"))
    const browser = await open(PHONE)
    const phone = await signIn(server.url, browser)
    await phone.goto(`${server.url}/phone/jobs/${job}/steps/diagnose`)
    await browser.setOffline(true)
    await phone.getByLabel("备注").fill(note)
    await phone.getByRole("heading", { level: 1 }).click()
    await phone.getByText("备注已保存").waitFor()
    return { job, phone, mend: () => browser.setOffline(false) }
}

/** Presses it, and answers where the browser has put what came. */
async function saved(page: Page, button: string): Promise<{ path: string; name: string }> {
    const coming = page.waitForEvent("download")
    await page.getByRole("button", { name: button, exact: true }).click()
    const file = await coming
    return { path: await file.path(), name: file.suggestedFilename() }
}

test("the sheet comes as a PDF, and the evidence as a bundle that holds without the server", async () => {
    const { job, phone, mend } = await writtenOffline("电极积碳，已清理")
    await mend()
    await phone.goto(`${server.url}/phone/sending`)
    await phone.getByText("全部已上传").first().waitFor()
    const { number } = (await dispatcher.get<{ job: { number: string } }>(`/v1/jobs/${job}`)).job
    const page = await signInAt(server, await open(DESKTOP), "manager")
    await page.goto(`${server.url}/desk/jobs/${job}/sheet`)

    const paper = await saved(page, "下载 PDF")
    expect(paper.name).toBe(`${number}.pdf`)
    const bytes = await readFile(paper.path)
    expect(bytes.subarray(0, 5).toString()).toBe("%PDF-")
    expect(bytes.toString("latin1").trimEnd().endsWith("%%EOF")).toBe(true)

    const bundle = await saved(page, "导出证据包")
    expect(bundle.name).toBe(`${number}.evidence`)
    const found = await runCommand("verify", bundle.path)
    expect(found.isGood, found.said).toBe(true)
    expect(found.said).toContain(number)
    // What was written is what is verified: another word in it, and it holds no longer.
    const lines = await readFile(bundle.path, "utf8")
    const change = /"bytes":"([\w-]{24})/.exec(lines)?.[1] ?? ""
    expect(change).not.toBe("")
    await writeFile(bundle.path, lines.replace(change, change.split("").toReversed().join("")))
    expect((await runCommand("verify", bundle.path)).isGood).toBe(false)
})

test("what a phone could not send is handed in as its file, and adopted under its writer's name", async () => {
    const { job, phone } = await writtenOffline("异响，主板待查")
    await phone.goto(`${server.url}/phone/sending`)
    const exported = await saved(phone, "导出未上传内容")
    expect(exported.name).toBe("tech1-unsent.json")
    const file = await readFile(exported.path, "utf8")
    await phone.context().close()
    const page = await signInAt(server, await open(DESKTOP), "dispatcher")
    await page.goto(`${server.url}/desk/inbox`)
    await page.getByText("交入手机导出的文件").click()
    const give = async (text: string) => {
        const given = { name: "unsent.json", mimeType: "application/json", buffer: Buffer.from(text) }
        await page.getByLabel(/^文件/).setInputFiles(given)
        await page.getByRole("button", { name: "交入", exact: true }).click()
    }
    await give("not what a phone writes")
    await page.getByText("这不是手机导出的文件").waitFor()
    await give(file)
    await page.getByText("已交入 1 条").waitFor()
    const entry = page.getByRole("article").filter({ hasText: "异响，主板待查" })
    await entry.getByRole("button", { name: "全部采纳" }).click()
    await entry.waitFor({ state: "detached" })
    const { record } = await dispatcher.get<{ record: { notes: Record<string, string> } }>(`/v1/jobs/${job}`)
    expect(record.notes.diagnose).toBe("异响，主板待查")
    // Again, and nothing happens.
    await give(file)
    await page.getByText(/已交入 \d+ 条，另有 [1-9]/).waitFor()
})

test("an outlet's settings are saved, stand there again, and are what it works by", async () => {
    const page = await signInAt(server, await open(DESKTOP), "admin")
    const { items } = await dispatcher.get<{ items: { id: string }[] }>("/v1/outlets")
    const at = `${server.url}/desk/outlets/${items[0]?.id}`
    const field = (name: string) => page.getByLabel(new RegExp(`^${name}`))
    await page.goto(at)
    await field("定价答复时限").fill("二十")
    await page.getByRole("button", { name: "保存" }).click()
    await page.getByText("请填数字").waitFor()
    await field("定价答复时限").fill("20")
    await field("出发位置").fill("31.230416, 121.473701")
    await page.getByRole("button", { name: "保存" }).click()
    await page.getByText(/已保存$/).waitFor()
    await page.goto(at)
    await field("定价答复时限").waitFor()
    expect(await field("定价答复时限").inputValue()).toBe("20")
    expect(await field("出发位置").inputValue()).toBe("31.230416, 121.473701")
    // What was not touched is as usual still, and says so by being empty.
    expect(await field("请示答复时限").inputValue()).toBe("")
    const job = await assignTo(dispatcher, await personOf("tech1"))
    const asked = await dispatcher.post<{ asked_at: string; due_at: string }>(`/v1/jobs/${job}/price-requests`, {
        text: "更换进口恒温阀芯",
    })
    expect(Date.parse(asked.due_at) - Date.parse(asked.asked_at)).toBe(20 * 60_000)
})
