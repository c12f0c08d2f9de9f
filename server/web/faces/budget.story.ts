/**
 * What the phone's page weighs, which is held to its limit; and how fast it is on a slow phone, which is told and not held: a test must not
 * depend on the machine. The figures stand in docs/benchmarks.md.
 */
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Browser, PHONE } from "./browser.ts"
import { assignTo, signIn } from "./cast.ts"
import { type Caller, Server } from "./server.ts"

const SHELL_BYTES_MAX = 100_000
const JOBS = 30
const STARTS = 5
const TAPS = 10

let server: Server
let dispatcher: Caller
beforeAll(async () => {
    server = await Server.start()
    dispatcher = await server.as("dispatcher")
})
afterAll(() => server.end())

type File = [path: string, bytes: number, cache: string]

/** What the worker keeps of a page, with the bytes that it takes to fetch each. */
async function precached(): Promise<File[]> {
    const worker = await (await fetch(`${server.url}/phone/worker.js`)).text()
    const paths = [...new Set(worker.match(/\/assets\/[\w.-]+/g) ?? [])]
    return Promise.all(
        [...paths, "/phone/"].map(async (path) => {
            const answer = await fetch(`${server.url}${path}`, { headers: { "Accept-Encoding": "br" } })
            const length = answer.headers.get("content-length")
            await answer.arrayBuffer()
            return [path, Number(length), answer.headers.get("cache-control") ?? ""]
        }),
    )
}

/** What reads barcodes where the browser can't: kept apart, once a phone turns out to need it. */
const isLater = ([path]: File) => /\/(barcode_reader|zxing_reader)-/.test(path)
const isEngine = ([path]: File) => path.endsWith(".wasm")
const isLanguage = ([path]: File) => /\/(zh|en)-/.test(path)
const total = (files: File[]) => files.reduce((sum, [, bytes]) => sum + bytes, 0)

test("the phone's page is light, and its heavy part is fetched once for ever", async () => {
    const all = await precached()
    const later = all.filter(isLater)
    const wasm = all.filter((file) => isEngine(file) && !isLater(file))
    const languages = all.filter(isLanguage).sort(([, one], [, other]) => other - one)
    // What any one reader needs, in the language that weighs more.
    const shell = [
        ...all.filter((file) => !isLater(file) && !isEngine(file) && !isLanguage(file)),
        ...languages.slice(0, 1),
    ]
    const bytes = total(shell)
    process.stdout.write(`shell ${bytes} bytes by brotli, in ${shell.length} files; wasm ${wasm[0]?.[1]} bytes\n`)
    process.stdout.write(`kept beside it: the other language, ${total(languages.slice(1))} bytes by brotli\n`)
    process.stdout.write(`barcode reader ${total(later)} bytes by brotli, for phones that need it\n`)
    expect(languages).toHaveLength(2)
    expect(later).toHaveLength(2)
    expect(shell.length).toBeGreaterThan(3)
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThanOrEqual(SHELL_BYTES_MAX)
    expect(wasm).toHaveLength(1)
    expect(wasm[0]?.[2]).toContain("immutable")
})

async function slowBy(page: Page, rate: number): Promise<void> {
    const session = await page.context().newCDPSession(page)
    await session.send("Emulation.setCPUThrottlingRate", { rate })
}

const median = (values: number[]) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

/** From the address to the first job on the screen, with no server to ask. */
async function start(page: Page): Promise<number> {
    await page.goto(`${server.url}/phone/`)
    const shown = await page.waitForFunction(() => document.querySelector(".job-card") && performance.now())
    return Number(await shown.jsonValue())
}

/** From a tap on "done" to the next step on the screen. */
function tap(page: Page): Promise<number> {
    return page.evaluate(async () => {
        const frame = () => new Promise((painted) => requestAnimationFrame(painted))
        const title = () => document.querySelector("h1")?.textContent
        const [before, begun] = [title(), performance.now()]
        document.querySelector<HTMLButtonElement>(".bottom-bar .button-main")?.click()
        while (title() === before) await frame()
        await frame()
        return performance.now() - begun
    })
}

test("a slow phone opens the day without network, and answers taps", async () => {
    const me = await (await server.as("tech1")).get<{ id: string }>("/v1/me")
    const jobs: string[] = []
    for (let job = 0; job < JOBS; job += 1) jobs.push(await assignTo(dispatcher, me.id))
    const browser = await Browser.open(PHONE)
    const page = await signIn(server.url, browser)
    await page.waitForFunction((count) => document.querySelectorAll(".job-card").length >= count, JOBS)
    await page.goto(`${server.url}/phone/sending`)
    await page.getByText("全部已上传").first().waitFor()
    await server.kill()
    await slowBy(page, 4)
    const starts: number[] = []
    for (let run = 0; run < STARTS; run += 1) starts.push(await start(page))
    await slowBy(page, 6)
    await page.goto(`${server.url}/phone/jobs/${jobs[0]}/steps/accept`)
    await page.locator(".bottom-bar .button-main").waitFor()
    const taps: number[] = []
    for (let run = 0; run < TAPS; run += 1) taps.push(await tap(page))
    process.stdout.write(
        `start without network, ${JOBS} jobs, at a quarter of the speed: ${Math.round(median(starts))} ms\n`,
    )
    process.stdout.write(`tap to the next step, at a sixth of the speed: ${Math.round(median(taps))} ms\n`)
    expect(taps).toHaveLength(TAPS)
    await browser.close()
})
