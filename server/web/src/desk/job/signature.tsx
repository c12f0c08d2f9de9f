/** Strokes split by `|`, points by a space, each `x,y,t`; what is not a number is not drawn. */
function strokesOf(text: string): [number, number][][] {
    return text.split("|").map((stroke) =>
        stroke.split(" ").flatMap((point) => {
            const [x, y] = point.split(",").map(Number)
            return Number.isFinite(x) && Number.isFinite(y) ? [[Number(x), Number(y)] as [number, number]] : []
        }),
    )
}

const MARGIN = 4

/** A signature as it was drawn. */
export function SignatureDrawing({ strokes, label }: { strokes: string; label: string }) {
    const drawn = strokesOf(strokes)
    const points = drawn.flat()
    if (points.length === 0) return null
    // One by one: a signature may have more points than a call has arguments.
    const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b))
    const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b))
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
    const [left, top] = [least(xs) - MARGIN, least(ys) - MARGIN]
    const [width, height] = [most(xs) - left + MARGIN, most(ys) - top + MARGIN]
    return (
        <svg class="signature" viewBox={`${left} ${top} ${width} ${height}`} role="img" aria-label={label}>
            {drawn.map((stroke, index) => (
                <polyline
                    key={index}
                    points={stroke.map((point) => point.join(",")).join(" ")}
                    fill="none"
                    stroke="currentColor"
                    stroke-width="2"
                    stroke-linecap="round"
                    stroke-linejoin="round"
                />
            ))}
        </svg>
    )
}
