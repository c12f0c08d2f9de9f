import { expect, test } from "vitest"
import { wayTo } from "./navigate.ts"

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
const ANDROID = "Mozilla/5.0 (Linux; Android 15; V2318A) AppleWebKit/537.36"
const POINT = { latitude_e6: 31_192_234, longitude_e6: 121_437_001 }
const NAMED = encodeURIComponent("漕溪路 255 弄")

test("the way opens the maps of the phone, at the point where it is known", () => {
    expect(wayTo("漕溪路 255 弄", POINT, ANDROID)).toBe(`geo:31.192234,121.437001?q=31.192234,121.437001(${NAMED})`)
    expect(wayTo("漕溪路 255 弄", undefined, ANDROID)).toBe(`geo:0,0?q=${NAMED}`)
    expect(wayTo("漕溪路 255 弄", POINT, IPHONE)).toBe("https://maps.apple.com/?daddr=31.192234,121.437001")
    expect(wayTo("漕溪路 255 弄", undefined, IPHONE)).toBe(`https://maps.apple.com/?daddr=${NAMED}`)
})
