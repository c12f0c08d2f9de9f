import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { toJson } from "./json.ts"
import { type Sheet, maskPhone, sheetHash } from "./sheet.ts"
import { SHEET } from "./sheet/shape.ts"

const golden = readFileSync(`${import.meta.dirname}/../../../../schema/src/sheet/golden.v1.json`, "utf8")

test("a sheet of version 1 is the same to the byte for ever", () => {
    const sheet = JSON.parse(golden) as Sheet
    expect(JSON.stringify(JSON.parse(toJson(SHEET, sheet)), undefined, 2)).toBe(golden.trimEnd())
    expect(sheetHash(sheet)).toBe("37766331e9d59567de79d7595dd0b5758123945c44afc444d058f20a7ce1a9af")
})

test("a phone number leaves the house with its middle hidden", () => {
    expect(maskPhone("138-1234-5678")).toBe("138-****-5678")
    expect(maskPhone("12345")).toBe("***45")
})
