import { expect, test } from "vitest"
import { clientName } from "./client_name.ts"

test("a browser is called as people call it", () => {
    const chrome =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36"
    expect(clientName(chrome)).toBe("Chrome 148 · Linux")
    expect(clientName(`${chrome} Edg/148.0`)).toBe("Edge 148 · Linux")
    const safari =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1"
    expect(clientName(safari)).toBe("Safari 19 · iOS")
    expect(clientName("doorstep-phone/0.1")).toBe("doorstep-phone/0.1")
    expect(clientName("")).toBe("")
})
