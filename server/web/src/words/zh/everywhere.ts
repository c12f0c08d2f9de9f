export const everywhere = {
    product: "上门",
    loading: "正在加载",
    /** A label and what it is about. */
    pair: (label: string, text: string) => `${label}：${text}`,
    close: "关闭",
    cancel: "取消",
    save: "保存",
    back: "返回",
    retry: "重试",
    language: "English",
    languageAway: "未能下载，请检查网络",
    offline: "没有网络",
    /** Where neither the server nor the network said more. */
    unreachable: "连不上服务器，请检查网络后重试。",
    unexpected: (id: string) => `服务器出错，请稍后重试；如仍不成功，请告知管理员编号 ${id}。`,
}
