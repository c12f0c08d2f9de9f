/** Clocks that somebody has to hear of: counted beside the page's name, taken over by name, and gone from whom they were taken over from. */
import { afterAll, beforeAll, expect, test } from "vitest"
import { browsers, DESKTOP } from "./browser.ts"
import { signInAt } from "./cast.ts"
import { Server } from "./server.ts"

let server: Server
const open = browsers()
beforeAll(async () => {
    server = await Server.start()
})
afterAll(() => server.end())

interface Listed {
    items: { id: string; job: string; number: string; takers: { by: { id: string } }[] }[]
}

test("who was asked first keeps it until somebody else has taken it over", async () => {
    const [dispatcher, supervisor] = [await server.as("dispatcher"), await server.as("supervisor")]
    const page = await signInAt(server, await open(DESKTOP), "dispatcher")
    await page.goto(`${server.url}/desk/escalations`)
    const row = page.locator("tbody tr").first()
    const number = (await row.locator("td a").textContent()) ?? ""
    expect(await row.textContent()).toContain("调度（尚未接手）")
    await row.getByRole("button", { name: "接手" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByLabel("准备怎么处理").fill("已联系工程师，二十分钟内到")
    await dialog.getByRole("button", { name: "接手" }).click()
    const mine = page.locator("tbody tr", { hasText: "已联系工程师，二十分钟内到" })
    await mine.waitFor()
    expect(await mine.getByRole("button").count()).toBe(0)

    // Somebody else takes it over, and it goes from here without being asked for.
    const { items } = await supervisor.get<Listed>("/v1/escalations?open=true&limit=200")
    const taken = items.find((one) => one.number === number && one.takers.length === 1)
    if (!taken) throw new Error("nobody has it")
    const from = taken.takers[0]?.by.id
    await supervisor.post(`/v1/escalations/${taken.id}/take`, { remark: "我来跟客户说", from })
    await mine.waitFor({ state: "detached" })
    const waiting = await dispatcher.get<{ escalations: { count: number } }>("/v1/waiting")
    const rail = page.getByRole("navigation", { name: "页面" })
    // A busy desk asks for its numbers now and then.
    await rail.getByRole("link", { name: new RegExp(`^督办 ${waiting.escalations.count} 项待办`) }).waitFor()

    // On the job's page it stands with its clock, and who had it before.
    await page.goto(`${server.url}/desk/jobs/${taken.job}`)
    const clocks = page.getByRole("region", { name: "时限" })
    await clocks.getByText("我来跟客户说").waitFor()
    expect(await clocks.textContent()).toContain("之前：调度、")
})

test("what is meant for a role that nobody has any more is asked of the next above", async () => {
    const admin = await server.as("admin")
    const { items } = await admin.get<{ items: { id: string; role: string }[] }>("/v1/people?limit=200")
    const supervisors = items.filter(({ role }) => role === "desk_supervisor")
    for (const { id } of supervisors) await admin.patch(`/v1/people/${id}`, { disabled: true })
    const page = await signInAt(server, await open(DESKTOP), "manager")
    await page.goto(`${server.url}/desk/escalations`)
    const row = page.locator("tbody tr", { hasText: "本应由客服主管处理，暂无人担任" }).first()
    await row.waitFor()
    expect(await row.textContent()).toContain("售后经理（尚未接手）")
    await row.getByRole("button", { name: "接手" }).waitFor()
})
