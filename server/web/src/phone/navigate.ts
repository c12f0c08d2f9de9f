/**
 * The way to a customer, as a link that opens the maps of the phone; nobody is asked anything before it is tapped. `geo:` is Android's and lets
 * people choose among their maps; Apple's phones know it not, and open Apple's maps by their own address.
 */
import { type Point, pointText } from "../core/travel.ts"

/** Positions are WGS 84 (`docs/travel.md`): phones' maps take them so, also in China. */
export function wayTo(address: string, point: Point | undefined, agent: string): string {
    const place = point && pointText(point).replace(" ", "")
    const named = encodeURIComponent(address)
    // A tablet of theirs says that it is a Mac.
    if (/iPhone|iPad|iPod|Macintosh/.test(agent)) return `https://maps.apple.com/?daddr=${place ?? named}`
    return place ? `geo:${place}?q=${place}(${named})` : `geo:0,0?q=${named}`
}
