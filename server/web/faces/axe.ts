/** What is wrong with a screen for somebody who reads it otherwise than by eye and mouse, or on another width. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { CDPSession, Page } from "playwright-core"
import { expect } from "vitest"

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
const OPTIONS = {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    // Of what is right, how much is enough.
    resultTypes: ["violations"],
}

interface Found {
    passes: unknown[]
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[]
}

/** By the protocol's own door, since no page lets a stranger's script in. */
async function evaluate(session: CDPSession, expression: string): Promise<unknown> {
    const { result } = await session.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true })
    return result.value
}

/** In words; empty where nothing is wrong. */
export async function violations(page: Page, screen: string): Promise<string[]> {
    const session = await page.context().newCDPSession(page)
    if ((await evaluate(session, "typeof axe")) === "undefined") await evaluate(session, AXE)
    const run = `axe.run(document, ${JSON.stringify(OPTIONS)}).then((found) => JSON.stringify(found))`
    const found = JSON.parse(String(await evaluate(session, run))) as Found
    const tooWide = await evaluate(session, "document.documentElement.scrollWidth - innerWidth")
    await session.detach()
    // An empty page breaks no rule.
    expect(found.passes.length, screen).toBeGreaterThan(4)
    return [
        ...found.violations.flatMap(({ id, nodes }) =>
            nodes.map(({ html, failureSummary }) => `${screen}: ${id}: ${html.slice(0, 160)} ${failureSummary ?? ""}`),
        ),
        ...(Number(tooWide) > 0 ? [`${screen}: runs ${tooWide} px off the page`] : []),
    ]
}
