import { expect, test } from "vitest"
import { words } from "../../words.ts"
import { placeText } from "./publish.tsx"

const FILE = JSON.stringify({ steps: [{ id: "accept" }, { id: 7 }] })

test("an error is named by its step as people count them, and by its field", () => {
    const { step, wholeFile } = words.value.deskTemplates
    expect(placeText("/steps/0/name/en", FILE)).toBe(`${step(1, "accept")} › name › en`)
    expect(placeText("/steps/1/id", FILE)).toBe(`${step(2, "")} › id`)
    expect(placeText("/steps/9/task", "{")).toBe(`${step(10, "")} › task`)
    expect(placeText("/warranty_months", FILE)).toBe("warranty_months")
    expect(placeText("/steps", FILE)).toBe("steps")
    expect(placeText("", FILE)).toBe(wholeFile)
})
