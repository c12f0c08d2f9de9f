/** A place on the map as people copy it from one: `31.188, 121.436`. */
interface Place {
    latitude_e6: number
    longitude_e6: number
}

const MICRO = 1_000_000

/** What was typed; nothing where the field is empty. */
export function placeOf(typed: string): Place | Record<string, never> | "wrong" {
    if (typed.trim() === "") return {}
    const found = /^(-?\d{1,2}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)$/.exec(typed.trim())
    if (!found) return "wrong"
    return { latitude_e6: Math.round(Number(found[1]) * MICRO), longitude_e6: Math.round(Number(found[2]) * MICRO) }
}

export function placeFields(of: { latitude_e6?: number | null; longitude_e6?: number | null } | undefined): string {
    if (of?.latitude_e6 == null || of.longitude_e6 == null) return ""
    return `${of.latitude_e6 / MICRO}, ${of.longitude_e6 / MICRO}`
}
