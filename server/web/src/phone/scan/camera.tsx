import { useEffect, useRef } from "preact/hooks"
import { useSignal } from "@preact/signals"
import { Button, Dialog, Loading, Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { openDetector } from "./detect.ts"

/** Between two looks at the picture: often enough for a hand, seldom enough for a small phone. */
const LOOK_MS = 150

interface Props {
    onScan: (scanned: string) => void
    onClose: () => void
}

/** Shows what the camera sees until there is a barcode in it, or the technician has enough of it. */
export function Camera({ onScan, onClose }: Props) {
    const video = useRef<HTMLVideoElement>(null)
    const state = useSignal<"opening" | "looking" | "refused" | "missing" | "unready">("opening")
    const said = words.value.scan
    useEffect(() => {
        const ending = new AbortController()
        void look(video.current, ending.signal, () => (state.value = "looking")).then(
            (scanned) => scanned !== undefined && onScan(scanned),
            (error: unknown) => {
                const isRefused = error instanceof DOMException && error.name === "NotAllowedError"
                state.value = error instanceof Unready ? "unready" : isRefused ? "refused" : "missing"
            },
        )
        return () => ending.abort()
    }, [])
    const isSeen = state.value === "opening" || state.value === "looking"
    return (
        <Dialog title={said.title} onClose={onClose}>
            {isSeen && <p class="soft">{said.hint}</p>}
            {state.value === "opening" && <Loading />}
            <video ref={video} class="camera" hidden={state.value !== "looking"} muted playsInline />
            {state.value === "refused" && <Notice tone="warn">{said.refused}</Notice>}
            {state.value === "unready" && <Notice tone="warn">{said.unready}</Notice>}
            {state.value === "missing" && <Notice tone="warn">{said.missing}</Notice>}
            <Button large wide onClick={onClose}>
                {said.close}
            </Button>
        </Dialog>
    )
}

/** What reads barcodes is not here, and can't be fetched. */
class Unready extends Error {
    override name = "Unready"
}

/** The first barcode that is held before the camera; none where somebody ended it before. The camera is let go of in any case. */
async function look(
    video: HTMLVideoElement | null,
    signal: AbortSignal,
    opened: () => void,
): Promise<string | undefined> {
    // Asked for while the camera opens: the reader may have to be fetched.
    const detecting = openDetector()
    detecting.catch(() => {})
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } })
    const stop = () => stream.getTracks().forEach((track) => track.stop())
    try {
        if (!video || signal.aborted) return undefined
        video.srcObject = stream
        await video.play()
        opened()
        const detect = await detecting.catch((error: unknown) => {
            throw new Unready("no reader of barcodes", { cause: error })
        })
        while (!signal.aborted) {
            const scanned = await detect(video)
            if (scanned !== undefined && !signal.aborted) return scanned
            await rest(LOOK_MS)
        }
        return undefined
    } finally {
        stop()
    }
}

function rest(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms))
}
