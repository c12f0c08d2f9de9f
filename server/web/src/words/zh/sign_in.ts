export const signIn = {
    title: "登录",
    login: "账号",
    password: "密码",
    submit: "登录",
    signOut: "退出登录",
    phoneName: "手机名称",
    aPhone: "手机",
    phoneNameHint: "主管据此辨认这台手机",
    toPhone: "打开手机页面",
}
