/** A real Chromium with a folder of its own: what it keeps is there again when its process was killed and it is opened anew. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type BrowserContext, chromium, type Page } from "playwright-core"
import { afterEach } from "vitest"

const PROGRAM = process.env.TEST_CHROMIUM ?? "/usr/bin/chromium"
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

export interface Looks {
    width: number
    height: number
    language?: "zh-CN" | "en"
    isDark?: boolean
    isPhone?: boolean
    /** Where the device believes to be. */
    timeZone?: string
    /** How high letters are, in px, where somebody has set their browser so. */
    letters?: number
    /** Pages can run no script, as where a customer has turned that off. */
    isScriptless?: boolean
    /** A film that stands in for the camera, whose use is then allowed. */
    camera?: string
}

export const PHONE: Looks = { width: 390, height: 844, isPhone: true }
export const TABLET: Looks = { width: 1024, height: 768 }
export const DESKTOP: Looks = { width: 1440, height: 900 }

export class Browser {
    private readonly folder: string
    private readonly looks: Looks
    private context: BrowserContext
    /** What went wrong in a page, as its console said. */
    readonly complaints: string[] = []

    private constructor(folder: string, looks: Looks, context: BrowserContext) {
        this.folder = folder
        this.looks = looks
        this.context = context
    }

    static async open(looks: Looks): Promise<Browser> {
        const folder = await mkdtemp(join(tmpdir(), "faces-browser-"))
        if (looks.letters) await preferLetters(folder, looks.letters)
        return new Browser(folder, looks, await begin(folder, looks))
    }

    async page(url: string): Promise<Page> {
        const page = this.context.pages().find((page) => page.url() === "about:blank") ?? (await this.context.newPage())
        page.on("pageerror", (error) => this.complaints.push(String(error)))
        page.on("console", (said) => {
            // The network's failures are what some stories are about.
            if (said.type() === "error" && !said.text().includes("Failed to load resource"))
                this.complaints.push(said.text())
        })
        await page.goto(url)
        return page
    }

    /** The device stands here, and may tell its pages so. */
    async standAt(latitude: number, longitude: number, accuracy: number): Promise<void> {
        await this.context.grantPermissions(["geolocation"])
        await this.context.setGeolocation({ latitude, longitude, accuracy })
    }

    async setOffline(isOffline: boolean): Promise<void> {
        await this.context.setOffline(isOffline)
    }

    /** Kills the browser's process and opens it anew on what it had kept. */
    async killAndReopen(): Promise<void> {
        const session = await this.context.browser()?.newBrowserCDPSession()
        const closed = new Promise((resolve) => this.context.once("close", resolve))
        // Ends the process without a word to its pages.
        await session?.send("Browser.crash").catch(() => {})
        await this.context.close().catch(() => {})
        await closed
        this.context = await begin(this.folder, this.looks)
    }

    async close(): Promise<void> {
        await this.context.close()
        await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
    }
}

/** As the browser's own settings keep it. */
async function preferLetters(folder: string, px: number): Promise<void> {
    await mkdir(join(folder, "Default"), { recursive: true })
    const settings = { webkit: { webprefs: { default_font_size: px } } }
    await writeFile(join(folder, "Default", "Preferences"), JSON.stringify(settings))
}

function cameraOf(film: string): string[] {
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        `--use-file-for-fake-video-capture=${film}`,
    ]
}

/** Opens browsers for the stories of one file, and closes after each story what it opened, however it ended. */
export function browsers(): (looks: Looks) => Promise<Browser> {
    const opened: Browser[] = []
    afterEach(async () => {
        for (const browser of opened.splice(0)) await browser.close()
    })
    return async (looks) => {
        const browser = await Browser.open(looks)
        opened.push(browser)
        return browser
    }
}

/** What a machine with much else to do may take for anything. */
const PATIENCE_MS = 60_000

async function begin(folder: string, looks: Looks): Promise<BrowserContext> {
    const context = await chromium.launchPersistentContext(folder, {
        executablePath: PROGRAM,
        args: [...ARGUMENTS, ...(looks.camera ? cameraOf(looks.camera) : [])],
        viewport: { width: looks.width, height: looks.height },
        locale: looks.language ?? "zh-CN",
        timezoneId: looks.timeZone ?? "Asia/Shanghai",
        javaScriptEnabled: !looks.isScriptless,
        colorScheme: looks.isDark ? "dark" : "light",
        // What is between two colours for a moment is no state that anybody judges.
        reducedMotion: "reduce",
        ...(looks.isPhone ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}),
    })
    context.setDefaultTimeout(PATIENCE_MS)
    return context
}
