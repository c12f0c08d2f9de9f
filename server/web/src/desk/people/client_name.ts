/** A browser as people know it, from what it calls itself: `Chrome 148 · Windows`. What is none says itself. */
const BROWSERS: [RegExp, string][] = [
    [/MicroMessenger\/(\d+)/, "WeChat"],
    [/Edg\w*\/(\d+)/, "Edge"],
    [/Firefox\/(\d+)/, "Firefox"],
    [/Chrome\/(\d+)/, "Chrome"],
    [/Version\/(\d+).*Safari/, "Safari"],
]
const SYSTEMS: [RegExp, string][] = [
    [/Android/, "Android"],
    [/iPhone|iPad/, "iOS"],
    [/Windows/, "Windows"],
    [/Mac OS X/, "macOS"],
    [/Linux/, "Linux"],
]

export function clientName(client: string): string {
    for (const [pattern, name] of BROWSERS) {
        const version = pattern.exec(client)?.[1]
        if (version === undefined) continue
        const system = SYSTEMS.find(([known]) => known.test(client))?.[1]
        return system ? `${name} ${version} · ${system}` : `${name} ${version}`
    }
    return client
}
