import { Eraser } from "lucide"
import { useRef } from "preact/hooks"
import { Button } from "../../design/parts.tsx"
import { words } from "../../words.ts"

interface Props {
    /** Points as x,y,t in pixels and milliseconds, parted by a blank, strokes by a bar; empty where nothing is drawn. */
    onStrokes: (strokes: string) => void
}

/** In the record's own pixels: the same picture on every screen. */
const WIDTH = 600
const HEIGHT = 240
/** The record takes no more. */
const CHARS_MAX = 28_000

/** Where somebody signs with a finger. Where and when each point was made is kept. */
export function Pad({ onStrokes }: Props) {
    const canvas = useRef<HTMLCanvasElement>(null)
    const strokes = useRef<string[][]>([])
    const start = useRef<number | null>(null)
    const told = () => strokes.current.map((stroke) => stroke.join(" ")).join("|")
    const pen = () => canvas.current?.getContext("2d") ?? null
    const point = (event: PointerEvent): [number, number] | null => {
        const frame = canvas.current?.getBoundingClientRect()
        if (!frame) return null
        start.current ??= event.timeStamp
        const x = Math.round(((event.clientX - frame.left) * WIDTH) / frame.width)
        const y = Math.round(((event.clientY - frame.top) * HEIGHT) / frame.height)
        strokes.current.at(-1)?.push(`${x},${y},${Math.round(event.timeStamp - start.current)}`)
        return [x, y]
    }
    const begin = (event: PointerEvent) => {
        event.preventDefault()
        if (told().length > CHARS_MAX) return
        canvas.current?.setPointerCapture(event.pointerId)
        strokes.current.push([])
        const [at, context] = [point(event), pen()]
        if (!at || !context) return
        context.lineWidth = 3
        context.lineCap = "round"
        context.lineJoin = "round"
        context.strokeStyle = getComputedStyle(canvas.current as Element).color
        context.beginPath()
        context.moveTo(...at)
    }
    const draw = (event: PointerEvent) => {
        if (!canvas.current?.hasPointerCapture(event.pointerId) || told().length > CHARS_MAX) return
        const [at, context] = [point(event), pen()]
        if (!at || !context) return
        context.lineTo(...at)
        context.stroke()
    }
    const clear = () => {
        strokes.current = []
        start.current = null
        pen()?.clearRect(0, 0, WIDTH, HEIGHT)
        onStrokes("")
    }
    return (
        <div class="pad">
            <canvas
                ref={canvas}
                width={WIDTH}
                height={HEIGHT}
                role="img"
                aria-label={words.value.sign.padLabel}
                onPointerDown={begin}
                onPointerMove={draw}
                onPointerUp={() => onStrokes(told())}
                onPointerCancel={() => onStrokes(told())}
            />
            <div class="row row-apart">
                <span class="soft small">{words.value.sign.here}</span>
                <Button kind="quiet" icon={Eraser} onClick={clear}>
                    {words.value.sign.again}
                </Button>
            </div>
        </div>
    )
}
