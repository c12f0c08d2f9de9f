/** Lists that are longer than a page: they say that there is more, show it when asked, and are as long as before when something moves. */
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

test("what is over comes last first, the rest when it is asked for, and stays when something moves", async () => {
    const agent = await server.as("desk")
    const due_at = new Date(Date.now() + 3_600_000).toISOString()
    const keep = async (text: string) => {
        const { id } = await agent.post<{ id: string }>("/v1/promises", { text, due_at })
        await agent.post(`/v1/promises/${id}/keep`)
    }
    for (let number = 1; number <= 52; number += 1) await keep(`第 ${number} 个承诺`)
    const page = await signInAt(server, await open(DESKTOP), "supervisor")
    await page.goto(`${server.url}/desk/promises?view=kept`)
    const rows = page.locator("tbody tr")
    await rows.first().getByText("第 52 个承诺").waitFor()
    expect(await rows.count()).toBe(50)
    const oldest = rows.filter({ hasText: "第 1 个承诺" })
    expect(await oldest.count()).toBe(0)
    const more = page.getByRole("button", { name: "更多" })
    await more.click()
    await oldest.waitFor()
    await more.waitFor({ state: "detached" })
    const shown = await rows.count()

    await keep("刚刚兑现的承诺")
    await rows.first().getByText("刚刚兑现的承诺").waitFor()
    expect(await oldest.count()).toBe(1)
    expect(await rows.count()).toBe(shown + 1)

    // Another way to look at them begins where it begins.
    await page.getByRole("link", { name: "违约", exact: true }).click()
    await oldest.waitFor({ state: "detached" })
    await page.getByRole("link", { name: "已兑现", exact: true }).click()
    await rows.first().getByText("刚刚兑现的承诺").waitFor()
    expect(await rows.count()).toBe(50)
})
