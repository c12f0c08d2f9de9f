/**
 * Reads barcodes where the browser can't: ZXing as WebAssembly. Loaded only by those who need it, and kept by the worker apart from the
 * shell. The address of the wasm is our own: the library would fetch it from elsewhere.
 */
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader"
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url"

prepareZXingModule({ overrides: { locateFile: () => wasm } })

/** What is printed on parts and their boxes. */
const FORMATS = ["EAN13", "EAN8", "UPCA", "UPCE", "Code128", "Code39", "ITF", "QRCode", "DataMatrix"] as const

/** The first barcode in the picture; none where there is none. */
export async function barcodeIn(picture: ImageData): Promise<string | undefined> {
    const [found] = await readBarcodes(picture, { formats: [...FORMATS], maxNumberOfSymbols: 1 })
    return found?.text
}
