import { expect, test } from "vitest"
import { browserClocks } from "./clocks.ts"

test("the count goes on while both clocks go on, and begins anew where they part", () => {
    let [wall, monotonic, started] = [1_000_000, 500, 0]
    const now = browserClocks(
        () => wall,
        () => monotonic,
        () => new Uint8Array(8).fill(++started),
    )
    const first = now()
    expect(first).toEqual({ at: 1_000_000_000, uptime_us: 500_000, boot: "01".repeat(8) })
    wall += 60_500
    monotonic += 60_000
    expect(now()).toEqual({ at: 1_060_500_000, uptime_us: 60_500_000, boot: first.boot })
    // The device slept for an hour, and its monotonic clock with it.
    wall += 3_600_000
    const woken = now()
    expect(woken.boot).not.toBe(first.boot)
    wall += 10
    monotonic += 10
    expect(now().boot).toBe(woken.boot)
    // Somebody set the clock back by a day.
    wall -= 86_400_000
    expect(now().boot).not.toBe(woken.boot)
})
