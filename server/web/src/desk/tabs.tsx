/** Ways to look at one list, beside each other; which one is looked at stands in the address. */
interface Props<View extends string> {
    /** The list's address; there the first view is shown. */
    at: string
    label: string
    views: Record<View, string>
    view: View
}

export function Tabs<View extends string>({ at, label, views, view }: Props<View>) {
    const names = Object.keys(views) as View[]
    return (
        <nav class="tabs" aria-label={label}>
            {names.map((name, place) => (
                <a
                    key={name}
                    href={place === 0 ? at : `${at}?view=${name}`}
                    aria-current={name === view ? "page" : undefined}
                >
                    {views[name]}
                </a>
            ))}
        </nav>
    )
}

/** The view that the address names, or the first. */
export function viewOf<View extends string>(views: Record<View, string>, named: string | undefined): View {
    const names = Object.keys(views) as View[]
    return names.find((name) => name === named) ?? (names[0] as View)
}
