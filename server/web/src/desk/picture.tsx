import { useSignal } from "@preact/signals"
import { ImageOff } from "lucide"
import { useEffect, useRef } from "preact/hooks"
import { accessToken } from "../api/session.ts"
import { Icon } from "../design/icon.tsx"

interface Props {
    /** The operation that gives it. */
    src: string
    alt: string
    width: number
    height: number
}

/** A picture that is shown to who may see it: asked for with a token, once it is near. */
export function Picture({ src, alt, width, height }: Props) {
    const url = useSignal<string | undefined>(undefined)
    const isMissing = useSignal(false)
    const frame = useRef<HTMLSpanElement>(null)
    useEffect(() => {
        const stop = new AbortController()
        let made: string | undefined
        const load = async () => {
            const headers = { Authorization: `Bearer ${await accessToken()}` }
            const response = await fetch(src, { headers, signal: stop.signal })
            if (!response.ok) throw new Error(String(response.status))
            made = URL.createObjectURL(await response.blob())
            url.value = made
        }
        const near = new IntersectionObserver(([entry]) => {
            if (!entry?.isIntersecting) return
            near.disconnect()
            load().catch(() => {
                if (!stop.signal.aborted) isMissing.value = true
            })
        })
        if (frame.current) near.observe(frame.current)
        return () => {
            stop.abort()
            near.disconnect()
            if (made) URL.revokeObjectURL(made)
        }
    }, [src])
    return (
        <span ref={frame} class="picture" style={{ aspectRatio: `${width} / ${height}` }}>
            {url.value && <img src={url.value} alt={alt} width={width} height={height} />}
            {isMissing.value && <Icon of={ImageOff} label={alt} />}
        </span>
    )
}
