export const signIn = {
    title: "登录",
    login: "账号",
    password: "密码",
    submit: "登录",
    signOut: "退出登录",
    phoneName: "手机名称",
    phoneNameHint: "主管据此辨认这台手机",
    forOffice: "此页面供派工与客服使用，维修人员请用手机页面。",
    forTechnicians: "此页面供维修人员使用，其他人员请用派工页面。",
    toPhone: "打开手机页面",
    toDesk: "打开派工页面",
}
