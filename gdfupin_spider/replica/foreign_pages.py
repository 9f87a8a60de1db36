"""Pages that are not of the site: block pages, login walls, parked and gambling pages."""

_PAGE = (
    '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{title}</title></head>\n<body>\n{body}\n</body></html>\n'
)

GAMBLING = _PAGE.format(
    title="澳门金沙娱乐场-官方网站-广东扶贫网",
    body="<h1>澳门金沙娱乐场</h1><p>新用户注册即送彩金，百家乐、老虎机、体育投注二十四小时在线。</p>"
    "<p><a href='/app'>下载APP</a> <a href='/reg'>立即注册</a></p><p>棋牌游戏 真人视讯 电子竞技 彩票投注</p>",
)
PARKED = _PAGE.format(
    title="gdfupin.example",
    body="<h2>This domain may be for sale.</h2><p>该域名正在出售，有意者请联系域名经纪人。</p>"
    "<ul><li><a href='/s?q=1'>Loans</a></li></ul>",
)
WAF = _PAGE.format(
    title="安全提示",
    body="<h3>您的访问过于频繁，请稍后再试</h3><p>网站防火墙已拦截本次请求，事件编号 20210113。</p>",
)
LOGIN = _PAGE.format(
    title="用户登录",
    body="<form action='/login' method='post'><p>请先登录后再访问</p>"
    "用户名 <input name='u'> 密码 <input type='password' name='p'>"
    "<input type='submit' value='登录'></form>",
)
SOFT = _PAGE.format(title="提示信息", body="<p>该文章不存在或已被删除。</p><p><a href='/'>返回首页</a></p>")
ERROR = _PAGE.format(title="500", body="<p>服务器内部错误 Internal Server Error</p>")
NOTHING = _PAGE.format(title="404 Not Found", body="<center><h1>404 Not Found</h1></center><hr><center>nginx</center>")

SITES = {"gambling": GAMBLING, "parked": PARKED, "login": LOGIN, "waf": WAF}
"""Pages that `Faults.site` serves for every URL."""
