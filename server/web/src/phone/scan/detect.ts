/** Finding a barcode in what the camera shows: by the browser itself, where it can; else by a reader that is loaded for it. */

/** As browsers have it; TypeScript does not know of it yet. */
interface Detector {
    detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>
}
interface DetectorClass {
    new (options: { formats: string[] }): Detector
    getSupportedFormats(): Promise<string[]>
}

/** What is printed on parts and their boxes. */
const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "code_128", "code_39", "itf", "qr_code", "data_matrix"]
/** Without this one no part is read off a shop's box. */
const NEEDED = "ean_13"
/** The longer side of the picture that is looked at: more costs time and finds nothing else. */
const SIDE_MAX = 1_280

/** Gives the first barcode in the picture; none where there is none. */
export type Detect = (video: HTMLVideoElement) => Promise<string | undefined>

/** What the browser itself can read; nothing where it lacks the class, or where the system lacks what that takes. */
async function readable(): Promise<{ Known: DetectorClass; formats: string[] } | undefined> {
    const Known = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
    const formats = Known ? await Known.getSupportedFormats().catch(() => []) : []
    return Known && formats.includes(NEEDED) ? { Known, formats } : undefined
}

/** Whether this browser reads no barcodes by itself. */
export async function needsReader(): Promise<boolean> {
    return (await readable()) === undefined
}

export async function openDetector(): Promise<Detect> {
    const own = await readable()
    if (!own) return openReader()
    const detector = new own.Known({ formats: FORMATS.filter((format) => own.formats.includes(format)) })
    return async (video) => (await detector.detect(video))[0]?.rawValue
}

async function openReader(): Promise<Detect> {
    const { barcodeIn } = await import("./barcode_reader.ts")
    const canvas = document.createElement("canvas")
    const pen = canvas.getContext("2d", { willReadFrequently: true })
    return async (video) => {
        const scale = Math.min(1, SIDE_MAX / Math.max(video.videoWidth, video.videoHeight))
        const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)]
        if (!pen || width === 0 || height === 0) return undefined
        canvas.width = width
        canvas.height = height
        pen.drawImage(video, 0, 0, width, height)
        return barcodeIn(pen.getImageData(0, 0, width, height))
    }
}
