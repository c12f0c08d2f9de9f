/**
 * Where the phone is, for the marks that say that somebody came or went, for photos and for calls for help. Asked for once, with the reason; whoever
 * says no works on as before. A place is looked up when a page needs it and at no other time: nobody is followed.
 */
import { signal } from "@preact/signals"
import type { Place } from "../core/record.ts"

type Answer = "yes" | "no"

const KEPT_AS = "tells place"
/** For so long a place counts as the one where something was done. */
const FRESH_MS = 120_000
const LOOK_MS = 15_000

function kept(): Answer | undefined {
    const answer = globalThis.localStorage?.getItem(KEPT_AS)
    return answer === "yes" || answer === "no" ? answer : undefined
}

/** What the technician said; none before they were asked. */
export const tellsPlace = signal<Answer | undefined>(kept())
/** The last place that was found, and when. */
const found = signal<{ place: Place; atMs: number } | undefined>(undefined)
/** `barred`: the browser or the system does not give it. */
export const looking = signal<"idle" | "looking" | "barred" | "unfound">("idle")

/** Remembers the answer on this device; it can be changed where the phone's storage is shown. */
export function answerPlace(answer: Answer): void {
    localStorage.setItem(KEPT_AS, answer)
    tellsPlace.value = answer
    if (answer === "yes") void lookUp()
    else found.value = undefined
}

/** Looks once where the phone is, if that is wanted and not known already. Never fails: without a place, everything goes on. */
export async function lookUp(): Promise<Place | null> {
    if (tellsPlace.value !== "yes" || !("geolocation" in navigator)) return null
    const known = placeNow()
    if (known) return known
    looking.value = "looking"
    return new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
            ({ coords }) => {
                const place = placeOf(coords)
                found.value = { place, atMs: Date.now() }
                looking.value = "idle"
                resolve(place)
            },
            (error) => {
                looking.value = error.code === error.PERMISSION_DENIED ? "barred" : "unfound"
                resolve(null)
            },
            { enableHighAccuracy: true, timeout: LOOK_MS, maximumAge: FRESH_MS / 2 },
        ),
    )
}

/** The place, if it was found just now. */
export function placeNow(): Place | null {
    const last = found.value
    return last && tellsPlace.value === "yes" && Date.now() - last.atMs < FRESH_MS ? last.place : null
}

/** As the record has it: whole millionths of a degree, whole metres, and no zero with a sign. */
export function placeOf(coords: Pick<GeolocationCoordinates, "latitude" | "longitude" | "accuracy">): Place {
    return {
        latitude_e6: Math.round(coords.latitude * 1_000_000) || 0,
        longitude_e6: Math.round(coords.longitude * 1_000_000) || 0,
        accuracy_m: Math.max(0, Math.round(coords.accuracy)),
    }
}
