/** What does not fit a screen: wider than it, cut, or too small for a thumb. */

/** Runs in the page. In words, what is not as it should be. */
export function misfits([width, least]: [number, number]): string[] {
    const found: string[] = []
    const said = (element: Element) =>
        `${element.tagName.toLowerCase()}.${element.className} "${(element.textContent ?? "").trim().slice(0, 30)}"`
    const wide = document.documentElement.scrollWidth - width
    if (wide > 0) found.push(`runs ${wide} px off the page`)
    const scrolls = (element: Element | null): boolean =>
        element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement))
    for (const element of document.querySelectorAll("body *")) {
        if (element.closest(".unseen, svg, [hidden], dialog:not([open])") || !element.checkVisibility()) continue
        const box = element.getBoundingClientRect()
        const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
        const style = getComputedStyle(element)
        if (hasText && (box.right > width + 1 || box.left < -1) && !scrolls(element.parentElement))
            found.push(`${said(element)} leaves the screen at ${Math.round(box.right)}`)
        const isCut = style.overflowX === "hidden" && element.scrollWidth > element.clientWidth + 1
        if (hasText && isCut && style.textOverflow !== "ellipsis") found.push(`${said(element)} is cut`)
        const isTouched = element.matches("a[href], button, summary, select, textarea, input:not([type=hidden])")
        // A word in a sentence is as high as its line, and what stands in a label is hit by that.
        const isInText = style.display === "inline" || element.closest("label") !== null
        if (isTouched && !isInText && box.height > 0 && box.height < least)
            found.push(`${said(element)} is ${Math.round(box.height)} high`)
        // A dialog lies over whatever it stands in.
        const around = element.matches("dialog") ? null : element.parentElement?.closest(".card, dialog, .notice")
        const covers = around?.getBoundingClientRect()
        if (covers && box.width > 0 && box.right > covers.right + 1 && !scrolls(element.parentElement))
            found.push(`${said(element)} leaves its card by ${Math.round(box.right - covers.right)}`)
    }
    return [...new Set(found)]
}
