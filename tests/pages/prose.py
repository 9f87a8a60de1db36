"""Chinese sentences as such sites print them, for hypothesis to choose from."""

from hypothesis import strategies as st

_WHO = (
    "省扶贫办",
    "驻村工作队",
    "村支书邱永忠",
    "七十三岁的叶阿婆",
    "协会会员单位",
    "县人社局",
    "返乡青年李嘉琪",
    "石坑村的茶农们",
)
_WHEN = ("去年以来，", "今年3月，", "9月16日上午，", "截至2020年底，", "清明刚过，", "短短三年，", "“十二五”期间，", "")
_DID = (
    "筹资86万元修通了进山公路",
    "走访了三县（市）的九个贫困村",
    "累计上门随访四千六百余次",
    "卖出干茶1.2万斤，户均增收6400元",
    "把资金、技术和订单送到了田头",
    "说：“走了一辈子水路，今天走的是路。”",
    "召开理事会，增补理事9名",
    "引进龙头企业，采取“公司+基地+农户”模式",
)
_END = ("。", "。", "。", "！", "……", "；请各单位认真执行。", "，引起热烈反响。", "（记者 王立）。")
_TOPIC = (
    "高山云雾茶",
    "一座桥",
    "山里娃的新课堂",
    "养猪场里的账本",
    "驻村日记",
    "稻鱼共生",
    "荔枝红了",
    "小额信贷",
    "扶贫车间",
)
_SAID = (
    "连起两岸人家",
    "开出致富花",
    "怎么算？",
    "走遍二十八个村",
    "让撂荒田醒来",
    "——记连山县沙田村",
    "撬动“大产业”",
    "（组图）",
)

sentences = st.builds("".join, st.tuples(*map(st.sampled_from, (_WHEN, _WHO, _DID, _END))))
paragraphs = st.lists(sentences, min_size=1, max_size=4).map("".join)
titles = st.builds("".join, st.tuples(st.sampled_from(_TOPIC), st.sampled_from(_SAID)))

# The same as plain lists, for pages that are made by dice.
OPENINGS = tuple(when + who for when in _WHEN for who in _WHO)
SENTENCES = tuple(did + end for did in _DID for end in _END)
TOPICS, TURNS = _TOPIC, tuple(phrase for phrase in _SAID if not phrase.startswith("—"))
QUOTING = (
    "来源：村民入股三成，企业出资七成，账本上写得明明白白。",
    "“来源:企业，去向:农户。”账本第二页还有这样一行字。",
    "版权所有的问题也摆上了桌面，合作社请来律师讨说法。",
    "当前位置偏、路难走，是村里穷的根子，雨天常常塌方。",
    "上一篇日记停在清明，下一篇从谷雨写起，中间空了两页。",
    "打印出来的分红表贴在祠堂门口，老人们一行一行地找自己的名字。",
    "责任编辑过他手记的人说，这是一本不用修改的书。",
    "欢迎访问广东扶贫网的网友留言说，想为孩子们捐一批图书。",
    "加入时间最早的社员叫蓝水生，2010年就把山地交给了合作社。",
    "2011年3月5日，水渠动工；2012-10-1，第一次通水。",
)
"""Prose that quotes what the template prints."""
CONTACT = (
    "联系人：丘小姐",
    "地址：广州市先烈东路135号2号楼",
    "电话：020-37286650 传真：020-37286651",
    "邮编：510500",
    "邮箱：huiyi2013@126.com",
)
NOTICES = (
    "因网站服务器维护，本站将于4月20日零时至六时暂停访问，请各会员单位提前做好安排。特此公告。",
    "原定于本周五召开的理事会改期至下周三下午三时，地点不变，请相互转告。",
    "《广东扶贫》第六期已经出版，请各会员单位派人到秘书处领取。",
)
SUBHEADS = ("路通了", "水来了", "一、时间和地点", "（二）“双到”工作成效")
