/** Ways and lateness: what phone and desk both say of them. */
export const travel = {
    metres: (count: number) => `${count} 米`,
    kilometres: (count: string) => `${count} 公里`,
    minutes: (count: number) => `${count} 分钟`,
    /** The estimate is ours, from coordinates. */
    way: (distance: string, minutes: string) => `约 ${distance}，${minutes}`,
    /** Where one of the two places is not known. */
    unknownWay: (minutes: string) => `位置不详，按 ${minutes}计`,
    fromBase: (way: string) => `从网点出发：${way}`,
    fromBefore: (way: string) => `从上一站：${way}`,
    tight: (free: string) => `只空出 ${free}，可能赶不上`,
}

export const delay = {
    title: "晚到告知",
    offer: "赶不上？先告诉客户",
    titleUnfixed: "到达时间",
    offerUnfixed: "还没有约定时间，先告诉客户几点到",
    late: (minutes: number) => `晚 ${minutes} 分钟`,
    within: (minutes: number) => `${minutes} 分钟后`,
    arrives: (at: string) => `${at} 到`,
    other: "其他时间",
    otherTime: "预计到达时间",
    reason: "原因（可选，客户会看到）",
    announce: "告知",
    change: "再改时间",
    expected: (at: string) => `预计 ${at} 到`,
    said: (at: string) => `${at} 记录`,
    offline: "没有网络：联网后客户页面和派工台才会更新。",
    call: "打电话告诉客户",
    toldByPhone: "已电话告知客户",
    agrees: "客户同意",
    wantsElse: "客户要求换人",
    /** What is known of the customer; nothing counts as told but what somebody says they told, or what the page was in sight with. */
    word: {
        untold: "客户还不知道",
        told: "已告知客户",
        seen: "客户已打开页面看到",
        agreed: "客户同意新时间",
        someone_else: "客户要求换人上门",
    },
    short: "晚到",
}
